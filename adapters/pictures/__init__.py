"""What a card draws, as PNG where a platform takes files and as SVG for our own pages."""
