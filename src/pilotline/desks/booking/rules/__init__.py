"""What may happen to a booking, when something is free, and every reason why not."""
