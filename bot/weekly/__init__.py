"""Weekly follow-ups: what was done, what slowed us, what comes next."""
