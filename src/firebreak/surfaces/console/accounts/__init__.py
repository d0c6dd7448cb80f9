"""Accounts, grants and invitation slips."""
