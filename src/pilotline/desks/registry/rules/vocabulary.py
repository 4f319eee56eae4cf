"""How a typed statement is read by the rulebook's vocabulary, and shown again."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pilotline.kernel.errors import Problem, Refused, Unreadable
from pilotline.kernel.quantity import Range, read_range
from pilotline.kernel.units import canonical
from pilotline.rulebook import Attribute, Rulebook

# The two attributes whose values are kept elsewhere: on resources, and as certificates.
PROCESS, CERTIFICATE = "process", "certificate"
ELSEWHERE = frozenset({PROCESS, CERTIFICATE})

YES = frozenset(
    ["yes", "y", "true", "1", "有", "是", "具备", "可", "可以", "支持", "能", "√", "✓", "✔", "符合"]
)
NO = frozenset(
    [
        "no",
        "n",
        "false",
        "0",
        "无",
        "否",
        "没有",
        "不具备",
        "不可",
        "不支持",
        "不能",
        "×",
        "✗",
        "不符合",
    ]
)
PLACES = Decimal("1e-10")
# So many decimal places nobody writes; they come from a conversion of units.
ENDLESS = 5
LARGEST = Decimal("1e19")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a typed text states: ends in the attribute's unit, or value ids."""

    low: Decimal | None = None
    high: Decimal | None = None
    values: tuple[str, ...] = ()


def process_attribute(rulebook: Rulebook) -> Attribute | None:
    return rulebook.attributes.get(PROCESS)


def certificate_attribute(rulebook: Rulebook) -> Attribute | None:
    return rulebook.attributes.get(CERTIFICATE)


def read_statement(
    rulebook: Rulebook, attribute: str, text: str, *, unit: str = "", field: str = "written"
) -> Reading:
    """Read `text` as a statement of the attribute; `unit` is meant where the text has none.

    Raises Refused with one problem at `field` when it cannot be read.
    """
    known = rulebook.attributes.get(attribute)
    if known is None:
        raise Refused([Problem("unknown-attribute", _("The vocabulary has no such item."), field)])
    if known.kind == "range":
        return _range(known, text, unit, field)
    if known.kind == "flag":
        return _flag(known, text, field)
    values = known.values_in(text)
    if not values:
        offered = "、".join(v.title.say(get_language() or "zh") for v in known.values)
        words = _("“%(text)s” is none of these: %(offered)s") % {"text": text, "offered": offered}
        raise Refused([Problem("unknown-value", words, field)])
    if known.kind == "level" and len(values) > 1:
        raise Refused([Problem("one-level", _("State one level only."), field)])
    return Reading(values=values)


def _range(attribute: Attribute, text: str, unit: str, field: str) -> Reading:
    try:
        # The text's own unit counts; a bare number is in `unit`.
        meant = canonical(unit) or unit if unit else attribute.unit
        found = read_range(text, unit=meant).to(attribute.unit)
    except Unreadable as error:
        chinese = (get_language() or "zh").startswith("zh")
        words = error.data.get("zh" if chinese else "en", str(error))
        told = f"{words.rstrip('。.')}{'：' if chinese else ': '}{text}"
        raise Refused([Problem("unreadable", told, field)]) from None
    low, high = _rounded(found.low), _rounded(found.high)
    believable = attribute.is_believable(
        None if low is None else float(low), None if high is None else float(high)
    )
    if not believable or any(abs(v) >= LARGEST for v in (low, high) if v is not None):
        words = _("“%(text)s” is outside of what exists for this item.") % {"text": text}
        raise Refused([Problem("unbelievable", words, field)])
    return Reading(low, high)


def says_its_unit(text: str) -> bool:
    """True when a range is written with its unit, so that none from elsewhere is needed."""
    try:
        return bool(read_range(text).unit)
    except Unreadable:
        return False


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(PLACES).normalize() + 0


def _flag(attribute: Attribute, text: str, field: str) -> Reading:
    word = text.strip().lower()
    if word in YES or (word and attribute.is_named_in(word)):
        return Reading(values=("yes",))
    if word in NO:
        return Reading(values=("no",))
    raise Refused([Problem("yes-or-no", _("Write yes or no."), field)])


def _readable(value: Decimal) -> Decimal:
    """Half a tonne a day is 20.83333 kg/h: four digits of what a conversion left endless."""
    short = value.normalize() + 0
    if -int(short.as_tuple().exponent) < ENDLESS:
        return short
    return short.quantize(Decimal(1).scaleb(min(0, short.adjusted() - 3))).normalize() + 0


def show_statement(
    attribute: Attribute, low: Decimal | None, high: Decimal | None, values: list[str], lang: str
) -> str:
    """The statement as people read it: `-20～150 ℃`, `316L、哈氏合金`, `是`."""
    if attribute.kind == "range":
        ends = (None if v is None else _readable(v) for v in (low, high))
        return Range(*ends, attribute.unit).show(lang)
    if attribute.kind == "flag":
        yes = values == ["yes"]
        return ("是" if yes else "否") if lang.startswith("zh") else ("yes" if yes else "no")
    join = "、" if lang.startswith("zh") else ", "
    return join.join(attribute.value_title(v, lang) for v in values)
