"""One person's day on one card: what waits for them, what they should know, what comes next."""
