"""Milestones: a point with a date and a yes or no; what was promised, what is expected now, what was reached."""
