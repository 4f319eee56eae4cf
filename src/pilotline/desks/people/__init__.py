"""Desk: who is who. Users, organisations, memberships, roles, API tokens, log-in protection.

In: registrations, confirmations by the authority of the city, grants. Out: the `Actor` that every
service asks for, and organisations fetched through functions that check who asks.
"""
