"""Help, refusals and Undo: what belongs to no single feature."""
