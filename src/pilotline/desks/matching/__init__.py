"""Desk: which facility for which need. Shortlists with reasons, the talk between both sides, the gap list."""
