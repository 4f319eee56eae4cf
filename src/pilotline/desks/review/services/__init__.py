"""What review does, one file a noun."""
