"""The lines of a plan's condition with their evidence, and stating a fact."""
