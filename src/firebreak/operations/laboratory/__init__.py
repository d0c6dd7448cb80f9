"""Custody and results: every sealed tube is in somebody's hands until a laboratory has said what is in it.

Nouns: a *specimen* is a sealed tube on its way (or a swab of one person, or a blind control that looks like any other);
a *bag* holds specimens; a *hand-over* moves them from one person to another with both names and both numbers; a *delivery* is
a list of results as a laboratory sent it; a *pool* is a positive tube whose people are each to be tested alone.

Promises: sealed = resulted + missing by name + in named hands; nobody's result is copied from a pool; a changed result is
a new row; a positive typed by hand counts only when a second person has seen it.
"""
