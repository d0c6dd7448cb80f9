"""What the public reads, and the desk where two people publish it."""
