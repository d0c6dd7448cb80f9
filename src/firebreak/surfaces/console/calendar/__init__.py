"""The calendar: which days are free, and whether it is office hours now."""
