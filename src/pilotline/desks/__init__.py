"""The business: one Django app a desk, in the order in which a case passes them.

A desk's tables are its own; others come to its counter: queries, services, events, forms, rules.
"""
