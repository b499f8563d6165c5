"""Finding things by their words, and where a thing came from and what became of it."""
