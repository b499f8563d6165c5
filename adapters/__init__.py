"""One folder for each platform: transport, parsing and rendering; no business rule in here."""
