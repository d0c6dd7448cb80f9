"""Phones and scanners that report: enrolling, revoking, missing numbers, and events set aside."""
