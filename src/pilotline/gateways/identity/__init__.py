"""Gateway: how people prove who they are, through django-allauth.

In: passwords, one-time codes, passkeys, a region's own OIDC service. Out: a logged-in user of the
people desk. Tries are slowed by that desk's lanes; what changes about a log-in is told to it.
"""
