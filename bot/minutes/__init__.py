"""Minutes, what follows from a meeting, and how much attention customers got."""
