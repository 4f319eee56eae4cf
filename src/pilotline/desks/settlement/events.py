"""What the settlement desk announces."""

from dataclasses import dataclass

from pilotline.kernel.event import Event


@dataclass(frozen=True, slots=True)
class OrderEvent(Event):
    """Fields that all news of an order has."""

    order: int
    number: str
    applicant: int
    operator: int
    facility: int


@dataclass(frozen=True, slots=True)
class OrderDrafted(OrderEvent):
    """A draft is there to be read; `side` wrote it."""

    side: str


@dataclass(frozen=True, slots=True)
class OrderChanged(OrderEvent):
    """`side` wrote version `version`; who had agreed to an older text is asked again."""

    side: str
    version: int


@dataclass(frozen=True, slots=True)
class OrderConsented(OrderEvent):
    """`side` agreed to version `version`; the other side is asked."""

    side: str
    version: int


@dataclass(frozen=True, slots=True)
class OrderAgreed(OrderEvent):
    """Both sides agreed to the same text; an amendment when the order was agreed before."""

    version: int
    digest: str
    amendment: bool


@dataclass(frozen=True, slots=True)
class OrderClosed(OrderEvent):
    """Completed, terminated or withdrawn: `state` says which."""

    state: str


@dataclass(frozen=True, slots=True)
class DisputeOpened(OrderEvent):
    """A side asks the authority to mediate."""

    dispute: int
    dispute_number: str
    side: str


@dataclass(frozen=True, slots=True)
class DisputeMoved(OrderEvent):
    """Something was said in a dispute, or it ended. `move` is the kind of entry."""

    dispute: int
    dispute_number: str
    entry: int
    side: str
    move: str


@dataclass(frozen=True, slots=True)
class BillEvent(Event):
    """Fields that all news of a bill has. Amounts are yuan as text."""

    bill: int
    number: str
    payer: int
    payee: int
    facility: int
    gross: str


@dataclass(frozen=True, slots=True)
class BillDrafted(BillEvent):
    """A bill waits for the operator to look at it and issue it."""


@dataclass(frozen=True, slots=True)
class BillIssued(BillEvent):
    """The payer owes; `due` is a day."""

    due: str


@dataclass(frozen=True, slots=True)
class BillPaid(BillEvent):
    """Nothing is open any more."""


@dataclass(frozen=True, slots=True)
class BillCancelled(BillEvent):
    """A credit note takes all of it back."""

    credit: str


@dataclass(frozen=True, slots=True)
class BillSettled(BillEvent):
    """Paid and closed: its net income may be shared, and counted."""

    net: str


@dataclass(frozen=True, slots=True)
class VoucherSpent(BillEvent):
    """Public money covers a part of a bill."""

    voucher: str
    use: int
    amount: str


@dataclass(frozen=True, slots=True)
class RevenueShared(BillEvent):
    """The net income of a bill was divided by the facility's rule."""

    distribution: int
