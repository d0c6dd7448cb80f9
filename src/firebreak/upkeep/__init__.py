"""Keeping an installation: begin it, check it before it starts, serve it, audit, back up, restore, examine.

Nouns: the *installation* is one data folder with its database; a *finding* is something that is wrong with it,
with its mend. Stands above the surfaces, because it sees the whole program; nothing imports it but `commands`.

Promises: a folder that is in use is never begun again; nothing serves over a problem that would endanger what
is already written; a backup says nothing that its own restore test did not check.
"""
