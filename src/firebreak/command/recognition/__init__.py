"""Recognition: who served how long and what they saw through, counted from the books, of those who agreed to be named.

Hours of two posts at once count once. Nothing about anybody's health, nothing that ranks people: the list is by name.
"""
