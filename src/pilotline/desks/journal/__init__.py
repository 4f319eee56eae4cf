"""Desk: the book of all changes, the outbox of news, and the published rulebook.

In: what services did (`record`), what they announce (`emit`), a checked rulebook to publish.
Out: a hash-chained history, deliveries to the handlers of higher desks, the rulebook in force.
"""
