"""Units, posts and people; the call tree on paper."""
