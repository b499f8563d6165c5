"""The transformation map: what changes in which field of work, by when, and what waits for what."""
