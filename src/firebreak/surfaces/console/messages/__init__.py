"""What was sent, and what somebody must still say."""
