"""Desk: what moves along a track, and the people who mark it fairly.

In: a subject of another desk and the track it shall take. Out: proceedings whose steps open, run
out, escalate and end as the track says; an inbox for each person; experts, conflicts of
interest, assignments and marks.
"""
