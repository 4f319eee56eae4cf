"""Pilotline 领航中试: runs a region's pilot-scale testing service.

Rooms, from the ground up: kernel, engines, rulebook, desks, gateways and web, config.
Imports only ever go down; docs/explain/rooms.md walks one case through them.
"""

__version__ = "2026.11.0"
