"""What is allowed in review and what things are called, one file a noun."""
