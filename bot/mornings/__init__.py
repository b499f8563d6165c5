"""The plan for the day: what is due, each morning, to each person who has anything due."""
