"""What may happen to a booking, and when something is free."""
