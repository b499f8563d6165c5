"""Customer numbers: recorded by a team, shown at the top of its huddle."""
