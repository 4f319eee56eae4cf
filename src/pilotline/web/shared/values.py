"""How values are written for people: money, quantities, times, sizes."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy

from pilotline.kernel.money import show_yuan, to_fen
from pilotline.web.shared import book

NOTHING = "—"
# What prices are stated for, as operators write it; any other unit stands as it was written.
UNITS = {
    "小时": pgettext_lazy("unit", "hour"),
    "天": pgettext_lazy("unit", "day"),
    "批": pgettext_lazy("unit", "batch"),
    "样": pgettext_lazy("unit", "sample"),
    "件": pgettext_lazy("unit", "piece"),
    "次": pgettext_lazy("unit", "time"),
    "公斤": pgettext_lazy("unit", "kg"),
    "吨": pgettext_lazy("unit", "tonne"),
}


def language() -> str:
    return get_language() or "zh-hans"


def is_chinese() -> bool:
    return language().startswith("zh")


def money(amount: Any) -> str:
    """`¥12,800.50`, `-¥300`; an absent amount is a dash."""
    if amount in (None, ""):
        return NOTHING
    value = Decimal(str(amount))
    return f"{'-' if value < 0 else ''}¥{show_yuan(abs(value))}"


def cents(amount: Any) -> str:
    """`¥12,800.00`: to the fen, for columns of money that are compared and added up."""
    if amount in (None, ""):
        return NOTHING
    value = to_fen(Decimal(str(amount)))
    return f"{'-' if value < 0 else ''}¥{abs(value):,.2f}"


def unit(written: str) -> str:
    """The unit of a price in the reader's language."""
    return str(UNITS.get(written, written))


def aside(text: Any) -> str:
    """What stands behind a word in brackets, in those of the reader's language."""
    return f"（{text}）" if is_chinese() else f" ({text})"


def quantity(value: Any) -> str:
    """A `Range` of the kernel in the reader's way of writing, or a plain number."""
    if value in (None, ""):
        return NOTHING
    if hasattr(value, "show"):
        return value.show("zh" if is_chinese() else "en")
    return formats.number_format(value, use_l10n=True, force_grouping=True)


def day(value: date | datetime | None) -> SafeString | str:
    """`2026-11-22`, in the zone of the installation."""
    if not value:
        return NOTHING
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    text = value.isoformat()
    return format_html('<time class="nowrap" datetime="{}">{}</time>', text, text)


def when(value: datetime | date | None) -> SafeString | str:
    """`2026-11-22 14:05`, and within a week how long ago or how soon."""
    if not isinstance(value, datetime):
        return day(value)
    local = timezone.localtime(value)
    ago = relative(value, timezone.now())
    return format_html(
        '<time datetime="{}"><span class="nowrap">{}</span>{}</time>',
        local.isoformat(timespec="seconds"),
        local.strftime("%Y-%m-%d %H:%M"),
        format_html(' <span class="muted nowrap">{}</span>', aside(ago).strip()) if ago else "",
    )


def relative(moment: datetime, now: datetime) -> str:
    """`3 minutes ago`, `in 2 days`; an empty text when it is more than a week away."""
    apart = abs(now - moment)
    past = moment <= now
    if apart >= timedelta(days=7):
        return ""
    if apart < timedelta(minutes=1):
        return gettext("just now") if past else gettext("in a moment")
    minutes = int(apart.total_seconds() // 60)
    if minutes < 60:
        number = minutes
        ago = ngettext("%(n)d minute ago", "%(n)d minutes ago", number)
        soon = ngettext("in %(n)d minute", "in %(n)d minutes", number)
    elif minutes < 24 * 60:
        number = minutes // 60
        ago = ngettext("%(n)d hour ago", "%(n)d hours ago", number)
        soon = ngettext("in %(n)d hour", "in %(n)d hours", number)
    else:
        number = minutes // (24 * 60)
        ago = ngettext("%(n)d day ago", "%(n)d days ago", number)
        soon = ngettext("in %(n)d day", "in %(n)d days", number)
    return (ago if past else soon) % {"n": number}


def size(count: int) -> str:
    """A number of bytes as `12 KB` or `3.4 MB`."""
    if count < 1024:
        return f"{count} B"
    if count < 1024 * 1024:
        return f"{count / 1024:.0f} KB"
    return f"{count / 1024 / 1024:.1f} MB".replace(".0 ", " ")


def say(text: Any) -> str:
    """A rulebook `Text` in the reader's language; None is an empty text."""
    return text.say(language()) if text else ""


def region(code: str | None) -> str:
    """The name of a GB/T 2260 code in the rulebook; an unknown code is shown as it is."""
    rulebook = book.rulebook()
    if not code or rulebook is None:
        return code or NOTHING
    if code == rulebook.region.id:
        return rulebook.region.short.say(language())
    if city := rulebook.cities.get(code):
        return city.short.say(language())
    other = rulebook.elsewhere.get(code)
    return other.title.say(language()) if other else code


def title(kind: str, entry_id: Any) -> str:
    """`{% title "tiers" facility.tier %}`: a rulebook entry's title in the reader's language."""
    rulebook = book.rulebook()
    if not entry_id:
        return NOTHING
    return rulebook.title(kind, str(entry_id), language()) if rulebook else str(entry_id)


def titles(kind: str, ids: Iterable[Any] | None) -> str:
    """The same for several ids, joined in the order given."""
    joint = "、" if is_chinese() else ", "
    return joint.join(title(kind, one) for one in ids or ()) or NOTHING
