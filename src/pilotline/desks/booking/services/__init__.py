"""What booking does."""
