"""What booking asks of engines: one file for each."""
