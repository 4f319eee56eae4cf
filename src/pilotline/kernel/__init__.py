"""The few words that every room shares: actor, errors, event, ids, money, period, quantity.

Pure values: no database, no network, no clock. At most 800 lines in all, and a thing is
admitted only when two rooms that may not know each other both need it.
"""
