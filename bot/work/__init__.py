"""What actions, initiatives and milestones have in common: who may move them where, days, and what was done."""
