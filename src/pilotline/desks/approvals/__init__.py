"""Desk: pilot projects and whether they may run.

In: accepted cases that want to be piloted on a line. Out: projects on the parallel track or filed
within a line's approved envelope, decisions with conditions that are followed up, permits that
run out, the green lane, and figures of how long it all took.
"""
