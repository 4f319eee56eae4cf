"""Desk: what the region wants. Needs and technologies, read, completed, accepted on arrival, followed."""
