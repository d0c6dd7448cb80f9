"""What the fixtures are made of: databases, damage, the browser."""
