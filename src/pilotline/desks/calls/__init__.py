"""Desk: programs that are opened for application, and what comes of them.

In: a program of the rulebook, opened as a call; applications with their partners. Out: each
application on its track, a list by marks, vote, quota and budget, a public notice whose objections
are answered, and the program's final action: a tier, a prize, money, a list, a published case.
"""
