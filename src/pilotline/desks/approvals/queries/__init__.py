"""What approvals answers, one file a noun."""
