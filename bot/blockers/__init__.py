"""Blockers: numbered, taken, solved."""
