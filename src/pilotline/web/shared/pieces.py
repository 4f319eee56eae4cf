"""The smallest pieces of a page: icons, badges, bars."""

from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pilotline.web.shared.values import NOTHING

TONES = ("good", "warn", "bad", "info", "quiet")
# A picture is for what went well or wants care; on a plain state it would only be noise.
WITH_ICON = frozenset({"good", "warn", "bad"})


def icon(name: str, words: str = "") -> SafeString:
    """A picture of the sprite; with `words` it is announced, without it is decoration."""
    shown = format_html('role="img" aria-label="{}"', words) if words else 'aria-hidden="true"'
    place = static("shared/icons.svg")
    return format_html(
        '<svg class="icon" {}><use href="{}#{}"/></svg>', SafeString(shown), place, name
    )


def badge(text: Any, tone: str = "quiet") -> SafeString:
    """A state in words with its tone (good, warn, bad, info, quiet); strong tones show an icon."""
    tone = tone if tone in TONES else "quiet"
    picture = icon(tone) if tone in WITH_ICON else ""
    return format_html('<span class="badge {}">{}{}</span>', tone, picture, text)


def bar(value: float | None, most: float = 100, words: str = "", tone: str = "") -> SafeString:
    """A share as a bar with its figure in words: `{% bar 62 100 "62 %" %}`."""
    share = 0.0 if value is None or not most else max(0.0, min(1.0, float(value) / float(most)))
    return format_html(
        '<span class="bar {}"><svg viewBox="0 0 100 8" preserveAspectRatio="none" '
        'aria-hidden="true"><rect class="track" width="100" height="8"/>'
        '<rect class="part" width="{}" height="8"/></svg><span>{}</span></span>',
        tone,
        f"{share * 100:.1f}",
        words or (NOTHING if value is None else f"{share:.0%}"),
    )
