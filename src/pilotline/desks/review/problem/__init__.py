"""The bridge to the engines: what review's rows say, as problems, and the answers as facts."""
