"""Signals, the preview of a plan, the active response and its first hour."""
