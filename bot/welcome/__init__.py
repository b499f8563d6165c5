"""The first days of somebody new: a welcome, a practice huddle, and a look back after two weeks."""
