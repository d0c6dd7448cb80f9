"""News briefs: written, edited, approved by three people; and what the public reads."""
