"""What booking answers."""
