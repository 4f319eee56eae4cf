"""Desk: what the region has. Facilities, their lines, equipment, sites, processes, services, capabilities."""
