"""Initiatives: what is to change, why, who answers for it, and what it takes before it may begin."""
