"""Teams: set up in chat, with a lead, members and a channel."""
