"""Pictures taken as proof, one at a time."""
