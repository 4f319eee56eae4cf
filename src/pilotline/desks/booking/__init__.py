"""Desk: who uses which line, equipment, site or skill from when to when.

In: agreed matches and free choices from the catalogue. Out: bookings that cannot overlap (the
database refuses it), the calendars they make, closures, waiting lists, measured hours.
"""
