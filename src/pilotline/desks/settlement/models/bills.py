"""Bills, their lines, payments and credit notes."""

from django.db import models
from django.db.models import F, Q

from pilotline.desks.settlement.models.orders import Order


def _money(**more: object) -> models.DecimalField:
    return models.DecimalField(max_digits=14, decimal_places=2, **more)


class Bill(models.Model):
    """What a payer owes a facility's operator. `gross` is `net` with `tax`.

    `covered` (by vouchers) and `paid` repeat their rows. `content` is the frozen text of an
    issued bill and `digest` its hash. What each state may become stands in `rules.states`.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        ISSUED = "issued"
        PAID = "paid"
        SETTLED = "settled"
        CANCELLED = "cancelled"
        DROPPED = "dropped"

    number = models.CharField(max_length=24, unique=True, null=True)
    title = models.CharField(max_length=200)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="bills")
    booking = models.ForeignKey(
        "booking.Booking", on_delete=models.PROTECT, null=True, related_name="+"
    )
    facility = models.ForeignKey("registry.Facility", on_delete=models.PROTECT, related_name="+")
    payer = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    payee = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    net = _money(default=0)
    tax = _money(default=0)
    gross = _money(default=0)
    covered = _money(default=0)
    paid = _money(default=0)
    content = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    drafted_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    due = models.DateField(null=True)
    paid_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    release = models.PositiveIntegerField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["payer", "-id"], name="bill_by_payer"),
            models.Index(fields=["payee", "-id"], name="bill_by_payee"),
            models.Index(fields=["facility", "state"], name="bill_by_facility"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "facility"],
                condition=~Q(state__in=["cancelled", "dropped"]),
                name="one_living_bill_a_booking_and_facility",
            ),
            models.CheckConstraint(condition=Q(gross=F("net") + F("tax")), name="bill_adds_up"),
            models.CheckConstraint(
                condition=Q(net__gte=0, tax__gte=0, covered__gte=0, paid__gte=0)
                & Q(gross__gte=F("covered") + F("paid")),
                name="bill_is_never_overpaid",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "dropped"])
                | Q(number__isnull=False, content__isnull=False, issued_at__isnull=False),
                name="issued_bills_have_a_number_and_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or 'draft'}: {self.state}"


class BillLine(models.Model):
    """One line. `source` says which tariff entry, booking and quotation made it.

    `net` and `tax` may be negative for an adjustment, which always has a reason.
    """

    class Kind(models.TextChoices):
        CHARGE = "charge"
        ADJUSTMENT = "adjustment"

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    words_zh = models.CharField(max_length=300)
    words_en = models.CharField(max_length=300)
    quantity = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    unit = models.CharField(max_length=40, blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    net = _money()
    tax = _money(default=0)
    tax_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    source = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    author = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["bill", "position"], name="one_line_a_position"),
            models.CheckConstraint(
                condition=Q(kind="charge") | ~Q(reason=""), name="adjustments_have_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bill_id}.{self.position}: {self.net}"


class Payment(models.Model):
    """Money that came in, or went back (negative). It is recorded here, not moved."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="payments")
    amount = _money()
    day = models.DateField()
    reference = models.CharField(max_length=80)
    author = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["bill", "reference"], name="one_payment_a_bill_and_reference"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="a_payment_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} for {self.bill_id}"


class CreditNote(models.Model):
    """Takes a whole bill back; the bill stays as it was issued."""

    number = models.CharField(max_length=24, unique=True)
    bill = models.OneToOneField(Bill, on_delete=models.PROTECT, related_name="credit")
    reason = models.CharField(max_length=500)
    author = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number
