"""Figures that open their rows, and the daily report."""
