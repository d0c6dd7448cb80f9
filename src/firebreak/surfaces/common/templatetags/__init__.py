"""Template tags of the shared frame; `{% load firebreak_ui %}` is the only library pages need."""
