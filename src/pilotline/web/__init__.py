"""The doors, one for each kind of people.

Views parse, ask a desk, and render; they hold no rules.
"""
