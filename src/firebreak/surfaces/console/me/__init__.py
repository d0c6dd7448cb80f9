"""What a resident reads of their own test, without an account."""
