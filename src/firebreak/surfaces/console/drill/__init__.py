"""The pace of an exercise, for whoever plays it. On real data these pages do not exist."""
