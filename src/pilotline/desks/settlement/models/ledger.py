"""The ledger. Append-only; the database refuses an entry whose lines do not add to zero."""

from django.db import models
from django.db.models import Q

from pilotline.desks.settlement.models.bills import Bill
from pilotline.desks.settlement.models.shares import ShareParty


class LedgerEntry(models.Model):
    """One happening in the book of one operator. `key` makes it once."""

    book = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=60, unique=True)
    text = models.CharField(max_length=200)
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["book", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "number"], name="one_ledger_entry_a_book_and_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.book_id}/{self.number} {self.kind}"


class LedgerLine(models.Model):
    """One side of an entry: a debit is positive, a credit negative."""

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="lines")
    account = models.CharField(max_length=16)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    party = models.ForeignKey(ShareParty, on_delete=models.PROTECT, null=True, related_name="+")
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["account"], name="ledger_line_by_account")]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="a_ledger_line_is_something")
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"
