"""What the public may read: a few counts at one cut-off, allowed by name, with nobody to be recognised in them.

Two people publish; what was published stays as it was. Nothing here reads a name.
"""
