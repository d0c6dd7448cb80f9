"""Who may do what, where and when: accounts, roles in code, grants, masking, and who looked at whom.

Deny by default. A *grant* gives an account a role over an area path and, where it matters, a unit path, for
a time. Reads of personal data are acts in the journal. Roles and their permissions live in `roles.py`.
"""
