"""A council's meeting while it is held."""
