"""What review answers, one file a noun."""
