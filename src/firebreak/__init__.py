"""Firebreak 无漏: outbreak command for a district. No household, no person and no call for help is missed."""

__version__ = "0.1.0"
