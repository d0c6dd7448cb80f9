"""Inspections: draw, look, hand faults over, look again, close."""
