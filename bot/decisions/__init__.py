"""What a council decides, and its votes."""
