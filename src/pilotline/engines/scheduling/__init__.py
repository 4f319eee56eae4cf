"""Puts projects on a calendar: as much weighted need served as possible, and how near to all.

In: projects with steps, alternatives, windows and weights; resources with calendars; cleaning
times; what stands in the calendar today and what of it may move; a seed and when to stop.
Out: a plan that an independent verifier has passed, an upper bound and the gap, figures of
fairness, what moved, and for every project left waiting a reason that can be checked.
Time is counted in whole slots from 0; ranges are half-open.
"""
