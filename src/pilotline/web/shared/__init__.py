"""The shell all doors share: page frame, access table, list and form behaviour, error pages."""
