"""Lists of prices as people keep them: their columns, read and written."""
