"""Desk: what the region has. Facilities, lines, equipment, sites, processes, services, skills.

In: edits by operators, lists as xlsx or CSV, tier decisions and corrections by the authority.
Out: public pages, search with facets, a quality score with what is missing, and one `Offer` for
each active line of a published facility, for the matching desk. Every change draws a new version
from one sequence, so that others can ask what changed since they last looked.
"""
