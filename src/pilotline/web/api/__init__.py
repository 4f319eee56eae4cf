"""The sixth door, for programs, with the same checks as the pages."""
