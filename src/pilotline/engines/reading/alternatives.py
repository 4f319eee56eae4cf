"""Values of one set offered as a choice: `搪玻璃或316L均可`, `silicon carbide or Hastelloy`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from pilotline.engines.reading.lexicon import Lexicon
from pilotline.engines.reading.page import Page
from pilotline.engines.reading.result import Finding, Span

# A noun may stand between a value and what joins it to the next: 搪玻璃釜或316L.
_NOUN = r"(?:\s?(?:反应釜|釜|罐|材质|材料|内衬|衬里|设备|工艺|反应|法|steel|lining|reactor))?"
_OR = re.compile(rf"{_NOUN}\s*(?:[、,，]\s*)?(?:或者?|或是|\bor\b)\s*(?:采用|用|an?\s)?")
_SLASH = re.compile(rf"{_NOUN}\s*/\s*")
_COMMA = re.compile(rf"{_NOUN}\s*[、,，]\s*")
_ANY_WILL_DO = re.compile(
    r"[^,，。；;]{0,4}?(?:均可|都可|皆可|均行|都行|任一|任选|之一|二者?选一|二选一)"
    r"|(?: [a-z]+)? (?:will do|are (?:both )?(?:fine|acceptable))"
)


def with_alternatives(page: Page, lexicon: Lexicon, findings: Iterable[Finding]) -> list[Finding]:
    """The findings with each choice made one, its words from the first value to the last.

    A list that ends in "or" is one choice. A stroke joins alternatives only between materials or
    where any is said to do; a comma does so only then.
    """
    out: list[Finding] = []
    by_set = sorted(findings, key=lambda f: (f.topic, f.attribute, f.spans))
    for (topic, name), group in groupby(by_set, key=attrgetter("topic", "attribute")):
        known = lexicon.attributes.get(name) if topic == "attribute" else None
        if known is None or known.kind != "set":
            out += group
            continue
        material = name in lexicon.of_equipment
        for chain in _chains(page, list(group)):
            out += _choices(page, chain, material=material)
    return out


Chain = list[tuple[str, Finding]]


def _chains(page: Page, found: Sequence[Finding]) -> list[Chain]:
    """Runs of neighbours, each with the kind of joint before it (empty for the first)."""
    chains: list[Chain] = []
    for one in found:
        joint = _joint(page, chains[-1][-1][1], one) if chains else ""
        if joint:
            chains[-1].append((joint, one))
        else:
            chains.append([("", one)])
    return chains


def _joint(page: Page, first: Finding, second: Finding) -> str:
    start, end = first.spans[0].end, second.spans[0].start
    between = page.folded[start:end]
    if not 0 < len(between) <= 16:
        return ""
    kinds = (("or", _OR), ("slash", _SLASH), ("comma", _COMMA))
    return next((kind for kind, pattern in kinds if pattern.fullmatch(between)), "")


def _choices(page: Page, chain: Chain, *, material: bool) -> list[Finding]:
    """The chain as one choice, as several, or as it was."""
    joints = [joint for joint, _ in chain[1:]]
    whole = _ANY_WILL_DO.match(page.folded, chain[-1][1].spans[0].end)
    ends_in_or = joints[-1:] == ["or"] and "slash" not in joints
    if joints and (whole or ends_in_or or (material and set(joints) == {"slash"})):
        return _one([f for _, f in chain])
    runs: list[list[Finding]] = []
    for joint, finding in chain:
        if joint == "or":
            runs[-1].append(finding)
        else:
            runs.append([finding])
    return [one for run in runs for one in _one(run)]


def _one(run: list[Finding]) -> list[Finding]:
    values = tuple(dict.fromkeys(v for f in run for v in f.values))
    if len(values) < 2:
        return run
    choice = replace(
        max(run, key=attrgetter("confidence")),
        relation="any_of",
        values=values,
        spans=(Span(run[0].spans[0].start, run[-1].spans[0].end),),
        cues=tuple(dict.fromkeys(c for f in run for c in f.cues)),
    )
    return [choice]
