"""What is allowed in approvals, one file a noun."""
