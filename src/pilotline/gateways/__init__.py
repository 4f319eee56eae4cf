"""The world outside, each part behind a port that a desk declares."""
