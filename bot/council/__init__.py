"""Councils: their rhythm, seats and rooms, and what is asked before a meeting."""
