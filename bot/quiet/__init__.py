"""Quiet: when somebody's messages wait, how many reach them in a day, the digest of the rest, their settings."""
