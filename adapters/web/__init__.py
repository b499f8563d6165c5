"""The HTTP host: health, and the routes of the platforms that the composition root mounts."""
