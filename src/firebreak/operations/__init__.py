"""What the response does: zones and rounds. Knows the engine, never the command above it."""
