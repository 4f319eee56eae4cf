"""Public money: a yearly account for each payer and each budget, and what was spent from it."""

from django.db import models
from django.db.models import F, Q

from pilotline.desks.settlement.models.bills import Bill


class VoucherAccount(models.Model):
    """What a payer, or all together (no organisation: the budget), spent of a voucher in a year.

    Its row is locked by whoever spends, and the database refuses more than `cap` (None: no cap).
    """

    voucher = models.CharField(max_length=60)
    year = models.PositiveIntegerField()
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    cap = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    used = models.DecimalField(max_digits=16, decimal_places=2, default=0)

    class Meta:
        ordering = ["-year", "voucher", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["voucher", "year", "organisation"],
                nulls_distinct=False,
                name="one_voucher_account_a_payer_and_year",
            ),
            models.CheckConstraint(
                condition=Q(used__gte=0) & (Q(cap__isnull=True) | Q(used__lte=F("cap"))),
                name="vouchers_stay_below_the_cap",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voucher} {self.year} of {self.organisation_id}: {self.used}"


class VoucherUse(models.Model):
    """A part of a bill that public money covers. `facts` is what its conditions were asked."""

    class State(models.TextChoices):
        SPENT = "spent"
        REIMBURSED = "reimbursed"
        RETURNED = "returned"

    number = models.CharField(max_length=24, unique=True)
    account = models.ForeignKey(VoucherAccount, on_delete=models.PROTECT, related_name="uses")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="uses")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    state = models.CharField(max_length=10, choices=State, default=State.SPENT)
    facts = models.JSONField()
    release = models.PositiveIntegerField()
    author = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["bill", "account"],
                condition=~Q(state="returned"),
                name="one_voucher_of_a_kind_a_bill",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_voucher_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.amount}"
