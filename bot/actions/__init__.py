"""Actions: one thing to do, one owner, one date; asked for, agreed, done, checked, and never lost."""
