"""Desk: who is told what. Notices in the page and by mail, made from the events of the desks below."""
