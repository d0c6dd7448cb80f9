"""The weather as entered, and what it asks for."""
