"""The demo organisation, so that a newcomer sees a huddle within a minute."""
