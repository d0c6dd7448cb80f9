"""Amending the plan of a response under way: a dry run over everything open, then a second person's approval.

What is amended changes from that moment on; days before it are still explained by the edition of their time
(`activation.queries.plan_at`).
"""
