"""Desk: what the region wants. Needs and technologies, from a first draft to their end.

In: answers to the rulebook's form, free text that is read for requirements, files. Out: accepted
cases with number and receipt, their requirements, and exactly as much of them as whoever asks may
see; news of what was accepted, amended and withdrawn.
"""
