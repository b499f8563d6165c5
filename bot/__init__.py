"""Folkmoot's platform-neutral core: what the bot decides and says."""
