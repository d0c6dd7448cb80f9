"""What changed since somebody last looked."""
