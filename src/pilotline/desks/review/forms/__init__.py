"""What desks above hand in."""

from pilotline.desks.review.forms.items import Item

__all__ = ["Item"]
