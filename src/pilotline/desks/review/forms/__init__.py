"""What desks above hand in, and how cases become items."""

from pilotline.desks.review.forms.cases import item_of_case, items_of_numbers
from pilotline.desks.review.forms.items import Item

__all__ = ["Item", "item_of_case", "items_of_numbers"]
