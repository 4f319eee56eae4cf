"""The look keeps its promises: contrast by computation, small files, nothing inline."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "src" / "pilotline" / "web"
STATIC = WEB / "shared" / "static" / "shared"
TEMPLATES = sorted(WEB.glob("*/templates/**/*.html"))
STYLES = sorted(WEB.glob("*/static/**/*.css"))
SCRIPTS = sorted(WEB.glob("*/static/**/*.js"))
MOST_SCRIPT = 20_000

WORDS = 4.5
EDGES = 3.0
PAIRS = [
    *[(ink, ground, WORDS) for ink in ("ink", "ink-2", "ink-3") for ground in ("paper", "surface")],
    *[(ink, "raised", WORDS) for ink in ("ink", "ink-2", "ink-3")],
    *[(tone, f"{tone}-soft", WORDS) for tone in ("good", "warn", "bad", "info", "quiet")],
    ("accent", "surface", WORDS),
    ("accent", "paper", WORDS),
    ("accent-2", "accent-soft", WORDS),
    ("on-accent", "accent", WORDS),
    ("on-accent", "accent-2", WORDS),
    ("head-ink", "head", WORDS),
    ("head-ink-2", "head", WORDS),
    ("head-ink", "head-2", WORDS),
    ("ink", "mark", WORDS),
    ("ink", "map-1", WORDS),
    ("ink", "map-2", WORDS),
    ("on-map", "map-3", WORDS),
    ("on-map", "map-4", WORDS),
    ("ink-2", "quiet-soft", WORDS),
    ("ink", "bad-soft", WORDS),
    ("edge", "surface", EDGES),
    ("focus", "surface", EDGES),
    ("focus", "paper", EDGES),
]


def tokens(theme):
    """Colours of a theme; the dark one names only what differs."""
    light, _, dark = (STATIC / "css" / "tokens.css").read_text().partition("prefers-color-scheme")
    read = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", light))
    if theme == "dark":
        read |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", dark))
    return read


def light_of(colour):
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((light_of(one), light_of(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_what_stands_on_what_can_be_read(theme, ink, ground, least):
    colours = tokens(theme)
    assert contrast(colours[ink], colours[ground]) >= least


def test_contrast_is_counted_as_the_standard_counts():
    assert round(contrast("#000000", "#ffffff"), 2) == 21.0
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.name)
def test_styles_are_short_and_made_of_tokens(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 400
    if path.name not in {"tokens.css", "print.css"}:
        strange = set(re.findall(r"var\(--([\w-]+)\)", text)) - set(
            re.findall(r"--([\w-]+):", (STATIC / "css" / "tokens.css").read_text())
        )
        assert not strange
    assert "@import" not in text
    assert "http" not in text


def test_our_scripts_stay_small():
    assert sum(path.stat().st_size for path in SCRIPTS) <= MOST_SCRIPT


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: f"{p.parents[0].name}-{p.name}")
def test_templates_hold_nothing_inline(path):
    text = path.read_text()
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert "<style" not in text
    assert "javascript:" not in text
    assert not re.search(r"(?:src|href)=[\"']https?://", text)


def test_every_icon_that_is_asked_for_is_there():
    there = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    asked = {
        name for path in TEMPLATES for name in re.findall(r'{% icon "([\w-]+)"', path.read_text())
    }
    assert asked - there == set()
