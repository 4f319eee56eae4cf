"""What may be done with calls and applications, and why not."""
