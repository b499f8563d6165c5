"""Papers and calendars as files: pure functions from what the bot hands out to bytes."""
