"""The kernel: text, cards, forms, events and replies, with no feature and no platform in it."""
