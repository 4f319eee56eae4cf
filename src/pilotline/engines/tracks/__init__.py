"""How a case moves along a table of steps: what is open, whose it is, until when, what is next.

In: a track (steps, after which others, clocks in working days, outcomes and where each leads),
what has happened so far, the working days, today. Out: every step's course with its clock, who
has to act, what is late and to whom it goes up, the earliest, usual and latest end, and what
going side by side saves. Also a layered picture and BPMN 2.0. Knows no calendar and no rulebook.
"""
