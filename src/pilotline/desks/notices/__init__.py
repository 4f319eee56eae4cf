"""Desk: who is told what. The uppermost desk: it listens to all the others.

In: events. Out: notices in the page, and one mail for each to those who have an address.
"""
