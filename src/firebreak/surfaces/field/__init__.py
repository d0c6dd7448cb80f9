"""The sampling page for a phone: plain ES modules over the sync entrance."""
