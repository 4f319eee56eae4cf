"""The door for departments: confirm, supervise, see gaps and figures."""
