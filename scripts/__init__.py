"""Programs for building and testing Firebreak, run as `python -m scripts.<name>`; never part of the program."""
