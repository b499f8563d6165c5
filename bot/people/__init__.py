"""People: who acts, and on which days they work."""
