"""The tables, each with the questions asked of it, and the engine under them."""
