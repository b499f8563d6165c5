"""Running the bot: what it could not do is told to administrators, once."""
