"""Units as officials and operators spell them (`units.txt`), and exact conversion between them.

Conversion itself is left to pint, which is slow to import: it is loaded at the first conversion,
and every pair of units is asked for only once.
"""

import re
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

# Spellings that mean a unit only after a stroke: `t/a`, `转/分`, `吨/日`.
_BELOW = {"a": "year", "分": "min", "时": "h", "日": "d", "月": "month", "号": "d", "星期": "week"}
_GAUGE = ("G", "A", "g", "a", "(G)", "(A)", "(g)", "(a)", "(表压)", "(绝压)", "(绝对压力)", "表压")
_DEFINITIONS = (
    "mesh = [mesh]",
    "CNY = [currency]",
    "piece = [piece]",
    "pH = [acidity]",
    "turn = [turn]",
    "rpm = turn / minute",
    "flop = [computation]",
    "FLOPS = flop / second",
    "batch = [batch]",
    "ppb = 1e-9",
    "jin = 0.5 * kilogram",
    "mu = 2000 / 3 * meter ** 2",
)


def _lexicon() -> dict[str, str]:
    words: dict[str, str] = {}
    table = files(__package__).joinpath("units.txt").read_text(encoding="utf-8")
    for line in table.splitlines()[1:]:
        name, spellings = line.split(" = ")
        words[name] = name
        words.update((s.replace("_", " "), name) for s in spellings.split())
    for base in ("Pa", "kPa", "MPa", "bar", "psi"):
        words.update((base + suffix, base) for suffix in _GAUGE)
    return words


WORDS = _lexicon()
# `Mpa`, `KG`, `ML` are common slips; single letters are left alone (5G is no weight).
_FOLDED = {w.lower(): name for w, name in reversed(WORDS.items()) if len(w) > 1}


def _either(words: set[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))


def _pattern() -> str:
    names = {w for w in WORDS if "*" not in w and "^" not in w}
    below = names | set(_BELOW)

    def word(options: set[str]) -> str:
        latin = {w for w in options if w[-1].isascii() and w[-1].isalpha()}
        long = {w for w in latin if len(w) > 1}
        return (
            rf"(?:(?i:{_either(options - latin)})"
            rf"|(?:(?i:{_either(long)})|{_either(latin - long)})(?![A-Za-z]))"
        )

    power = r"(?:\^?[23](?![0-9.])|[²³]|⁻¹|\^?-1(?![0-9]))?"
    joined = r"\s?(?:/|·|⋅|\*|每|(?i:per)\s)\s?"
    return rf"(?:{word(names)}{power}(?:{joined}{word(below)}{power})*)"


PATTERN = _pattern()
_PART = re.compile(r"(/|·|⋅|\*|每|\bper\b)")
_POWER = re.compile(r"^(.+?)(?:\^?([23]|-1)|([²³]|⁻¹))$")


@lru_cache(maxsize=4096)
def canonical(spelled: str) -> str | None:
    """The pint expression of a spelled unit (`吨/天` → `t/d`), or None when it is not one."""
    whole = _one(spelled.strip(), WORDS)
    if whole is not None:
        return whole
    parts = [p.strip() for p in _PART.split(spelled)]
    out = ""
    for i, part in enumerate(parts):
        if i % 2:
            out += "*" if part in "·⋅*" else "/"
            continue
        name = _one(part, WORDS | _BELOW if i else WORDS)
        if name is None:
            return None
        out += f"({name})" if "*" in name and i else name
    # A temperature inside a rate is always a difference: 10 ℃/min.
    return out.replace("degC", "delta_degC").replace("degF", "delta_degF")


def _one(part: str, words: dict[str, str]) -> str | None:
    found = words.get(part) or _FOLDED.get(part.lower())
    if found:
        return found
    power = _POWER.match(part)
    base = power and (words.get(power[1]) or _FOLDED.get(power[1].lower()))
    if not power or not base:
        return None
    exponent = power[2] or {"²": "2", "³": "3", "⁻¹": "-1"}[power[3]]
    return f"{base}^{exponent}"


@lru_cache(maxsize=1)
def registry() -> Any:
    """The one pint registry, in Decimal; rpm, pieces, mesh and money are dimensions of their own.

    pint's own rpm is an angular speed and would turn into hertz by 2π.
    """
    import pint  # takes a second that few callers need

    units: Any = pint.UnitRegistry(non_int_type=Decimal, on_redefinition="ignore")
    for line in _DEFINITIONS:
        units.define(line)
    return units


@lru_cache(maxsize=4096)
def scale(source: str, target: str) -> tuple[Decimal, Decimal] | None:
    """Factor and offset with target = source x factor + offset, or None between dimensions.

    Between a temperature and a difference of temperatures there is a factor and no offset. What
    is said of one batch is said of it: kg/batch counts as kg.
    """
    if "delta_" in source + target:
        source, target = _difference(source), _difference(target)
    units = registry()
    try:
        low = units.Quantity(Decimal(0), source).to(target).m
        high = units.Quantity(Decimal(1), source).to(target).m
    except Exception:  # pint raises a dozen kinds, all meaning: no conversion
        return scale(source.removesuffix("/batch"), target) if source.endswith("/batch") else None
    return high - low, low


def _difference(unit: str) -> str:
    return f"delta_{unit}" if unit in ("degC", "degF") else unit


_SHOWN = {"degC": "℃", "degF": "℉", "percent": "%", "um": "μm", "ug": "μg", "uL": "μL"}
_SHOWN_ZH = {"CNY": "元", "mesh": "目", "piece": "件", "batch": "批", "jin": "斤", "mu": "亩"}
_SHOWN_EN = {"degC": "°C", "degF": "°F", "piece": "pcs"}


@lru_cache(maxsize=4096)
def show(unit: str, lang: str = "zh") -> str:
    """`degC` → `℃` (in English `°C`), `m^3/h` → `m³/h`; unknown names stay as they are."""
    words = _SHOWN | (_SHOWN_ZH if lang.startswith("zh") else _SHOWN_EN)
    text = re.sub(r"[A-Za-z]+", lambda m: words.get(m[0], m[0]), unit.replace("delta_", ""))
    text = re.sub(r"\s*(?:\^|\*\*)\s*([23])", lambda m: "²³"[int(m[1]) - 2], text)
    return text.replace("*", "·")
