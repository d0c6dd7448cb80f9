"""Muster 集结: n people at a place by a time; who is called, who comes, who is there, and who is called instead."""
