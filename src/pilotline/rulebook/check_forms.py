"""Forms: sections, choices, conditions and limits that fit together."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from pilotline.rulebook import words
from pilotline.rulebook.check_entries import Sound
from pilotline.rulebook.draft import DraftEntry
from pilotline.rulebook.reading import Fault, Path

CHOOSING = ("choice", "choices")
WRITTEN = ("text", "long_text")
LIMITS = {
    "min_length": WRITTEN,
    "max_length": WRITTEN,
    "low": ("number", "money"),
    "high": ("number", "money"),
    "not_before": ("date",),
    "not_after": ("date",),
    "max_count": ("choices", "files"),
}
COMPARED = ("number", "money", "date")
# Without these a case has no name, no text to read and no place on the map of fields.
NEEDED_ROLES = ("title", "body", "field", "consent")

Raw = Mapping[str, Any]


def form_faults(found: Sound) -> Iterator[Fault]:
    """Faults of forms whose shape is right."""
    forms = found.of("forms")
    for kind in words.CASE_KINDS:
        if forms and kind not in {form.id for form in forms}:
            zh, en = f"缺少“{kind}”的表单。", f"The form for “{kind}” is missing."
            yield forms[0].fault(("id",), zh, en)
    for form in forms:
        yield from faults_of_form(form, found, NEEDED_ROLES)
        yield from _examples(form, {field["id"]: field for field in form.data["fields"]})


def faults_of_form(
    form: DraftEntry, found: Sound, needed_roles: tuple[str, ...]
) -> Iterator[Fault]:
    """Faults of one form, be it a file of its own or part of a program."""
    fields: dict[str, Raw] = {}
    roles: dict[str, str] = {}
    sections = {section["id"] for section in form.data["sections"]}
    for at, field in enumerate(form.data["fields"]):
        path: Path = ("fields", at)
        if field["id"] in fields:
            zh, en = f"问题“{field['id']}”写了两次。", f"The field “{field['id']}” is there twice."
            yield form.fault((*path, "id"), zh, en)
        fields[field["id"]] = field
        if field["section"] not in sections:
            zh = f"没有“{field['section']}”这一部分。"
            yield form.fault((*path, "section"), zh, f"There is no section “{field['section']}”.")
        role = field.get("role", field["id"])
        if "role" in field and roles.setdefault(role, field["id"]) != field["id"]:
            zh = f"“{role}”已由“{roles[role]}”担任。"
            en = f"The role “{role}” is held by “{roles[role]}” already."
            yield form.fault((*path, "role"), zh, en)
        yield from _field(form, field, path)
    yield from _apart(form)
    for role in needed_roles:
        if role not in roles:
            zh = f"没有哪个问题担任“{role}”。"
            yield form.fault(("fields",), zh, f"No field has the role “{role}”.")
    yield from _conditions(form, fields, found)
    yield from _ordered(form, fields)


def _apart(form: DraftEntry) -> Iterator[Fault]:
    # What is missing is told in the order of the fields, which must be the order on the page.
    order = [section["id"] for section in form.data["sections"]]
    places = [order.index(f["section"]) for f in form.data["fields"] if f["section"] in order]
    if places != sorted(places):
        at = next(i for i, (a, b) in enumerate(pairwise(places), start=1) if a > b)
        zh = "问题要按各部分的先后排列。"
        yield form.fault(("fields", at), zh, "Fields must stand in the order of their sections.")


def _field(form: DraftEntry, field: Raw, path: Path) -> Iterator[Fault]:
    sources = [key for key in ("options", "options_from") if key in field]
    if field["type"] in CHOOSING and len(sources) != 1:
        zh = "要写“options”或“options_from”之一。"
        yield form.fault(path, zh, "Give either “options” or “options_from”.")
    if field["type"] not in CHOOSING and sources:
        zh = f"“{field['type']}”没有选项。"
        yield form.fault((*path, sources[0]), zh, f"A {field['type']} has no choices.")
    for key, types in LIMITS.items():
        if key in field and field["type"] not in types:
            zh = f"“{field['type']}”不能限制“{key}”。"
            yield form.fault((*path, key), zh, f"“{key}” does not limit a {field['type']}.")
    for low, high in (("min_length", "max_length"), ("low", "high")):
        if low in field and high in field and field[low] > field[high]:
            zh, en = f"“{low}”大于“{high}”。", f"“{low}” is above “{high}”."
            yield form.fault((*path, low), zh, en)
    if field.get("confidential") and field.get("public"):
        zh = "保密的内容不能公开。"
        yield form.fault((*path, "public"), zh, "What is confidential cannot be public.")
    if field.get("required") and field.get("required_when"):
        zh = "已经必填，不需要“required_when”。"
        en = "It is always required; “required_when” says nothing more."
        yield form.fault((*path, "required_when"), zh, en)
    ids = [option["id"] for option in field.get("options", [])]
    if len(ids) != len(set(ids)):
        yield form.fault((*path, "options"), "选项重复。", "A choice is there twice.")


def _conditions(form: DraftEntry, fields: Mapping[str, Raw], found: Sound) -> Iterator[Fault]:
    for at, field in enumerate(form.data["fields"]):
        for number, condition in enumerate(field.get("required_when", [])):
            path: Path = ("fields", at, "required_when", number)
            named = [p for p in words.PREDICATES if p in condition]
            if len(named) != 1:
                zh = "条件要写“is”“in”“at_least”之一。"
                yield form.fault(path, zh, "A condition needs one of “is”, “in”, “at_least”.")
                continue
            other = fields.get(condition["field"])
            if other is None:
                zh = f"没有问题“{condition['field']}”。"
                yield form.fault(path, zh, f"There is no field “{condition['field']}”.")
                continue
            yield from _values(form, condition, named[0], other, found, path)


def _values(
    form: DraftEntry, condition: Raw, predicate: str, other: Raw, found: Sound, path: Path
) -> Iterator[Fault]:
    if predicate == "at_least":
        if other["type"] not in ("number", "money"):
            zh = f"“{other['id']}”不是数字。"
            yield form.fault(path, zh, f"“{other['id']}” is not a number.")
        return
    wanted = condition["in"] if predicate == "in" else [condition["is"]]
    if other["type"] == "flag":
        allowed: list[Any] = [True, False]
    elif other["type"] in CHOOSING:
        listed = other.get("options_from", "")
        if listed in found.unread:
            return
        allowed = [o["id"] for o in other.get("options", [])]
        allowed += found.ids.get(listed, ())
    else:
        return
    for value in wanted:
        if value not in allowed:
            zh = f"“{other['id']}”没有“{value}”这个选项。"
            yield form.fault(path, zh, f"“{other['id']}” has no choice “{value}”.")


def _ordered(form: DraftEntry, fields: Mapping[str, Raw]) -> Iterator[Fault]:
    for at, (low, high) in enumerate(form.data.get("ordered", [])):
        types = {fields[one]["type"] if one in fields else "" for one in (low, high)}
        if len(types) != 1 or types.isdisjoint(COMPARED):
            zh = f"“{low}”与“{high}”不能比较大小。"
            yield form.fault(("ordered", at), zh, f"“{low}” and “{high}” cannot be compared.")


def _examples(form: DraftEntry, fields: Mapping[str, Raw]) -> Iterator[Fault]:
    for at, example in enumerate(form.data["examples"]):
        path: Path = ("examples", at)
        if at == 0 and not (example["ok"] and "answers" in example and "today" in example):
            zh = "第一个例子应通过，并写明 today 与完整的 answers。"
            en = "The first example must pass and give `today` and all `answers`."
            yield form.fault(path, zh, en)
        if at > 0 and "change" not in example:
            zh = "请写明对第一个例子的改动（change）。"
            yield form.fault(path, zh, "Say what it changes in the first example (`change`).")
        if example["ok"] == ("missing" in example):
            zh = "不通过的例子要写 missing,通过的不写。"
            en = "An example that fails names what is missing; one that passes does not."
            yield form.fault(path, zh, en)
        for key in {**example.get("answers", {}), **example.get("change", {})}:
            if key not in fields:
                zh, en = f"没有问题“{key}”。", f"There is no field “{key}”."
                yield form.fault(path, zh, en)
