"""Desk: which facility for which need, and why.

In: accepted cases and the registry's offers. Out: shortlists with reasons, the talk in which both
sides consent, agreed matches, and the list of gaps that nobody can fill today.
"""
