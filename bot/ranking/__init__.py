"""Ranking: stakeholders put initiatives in an order, each blind to the others, and both views are combined."""
