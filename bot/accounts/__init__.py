"""One person, several platforms: accounts are joined, installations are paired, and messages go where people read."""
