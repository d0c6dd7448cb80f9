"""Bringing lists in from the desk: upload, mapping, dry run, writing, what stayed out."""
