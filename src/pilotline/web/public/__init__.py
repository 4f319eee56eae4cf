"""The door for anyone: find a facility, a service, a technology; see what the region offers."""
