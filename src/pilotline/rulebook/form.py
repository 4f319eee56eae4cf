"""Forms as data: fields, what each may hold, and everything that is missing, said at once.

Answers are plain JSON: text fields a string, `choice` an id, `choices` a list of ids, `number` a
number or its digits, `money` yuan as digits (`"120000.50"`), `date` an ISO day, `flag` true or
false, `files` a list. An absent key, null, blank text and an empty list all mean: not answered.
Answers to fields that the form does not have are passed over, for an older release may have
asked more.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from pilotline.rulebook.answers import Limits, Missing, is_answered, wrong
from pilotline.rulebook.model import Entry, Text, heading

__all__ = ["Condition", "Form", "FormField", "Missing", "Option", "Section"]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a closed list, choosable while it is valid."""

    id: str
    title: Text
    valid_from: date = date.min
    valid_to: date | None = None

    def is_valid(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the closed predicates over an answer: `is`, `in`, `at_least`."""

    field: str
    predicate: str
    value: Any

    def holds(self, answers: Mapping[str, Any]) -> bool:
        given = answers.get(self.field)
        if not is_answered(given):
            return False
        if self.predicate == "is":
            return self.value in given if isinstance(given, list) else bool(given == self.value)
        if self.predicate == "in":
            mine = given if isinstance(given, list) else [given]
            return any(one in self.value for one in mine)
        try:
            return Decimal(str(given)) >= Decimal(str(self.value))
        except InvalidOperation:
            return False

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        predicate = next(name for name in ("is", "in", "at_least") if name in raw)
        return cls(raw["field"], predicate, raw[predicate])


@dataclass(frozen=True, slots=True)
class FormField:
    """One question.

    `role` is the fixed word by which code finds the answer it needs whatever the field is called
    (`title`, `body`, `city`, `budget_low` …; the closed set stands in `words.py`). `confidential`
    answers are seen only by those allowed; `public` ones by everybody once the applicant
    releases the case. `required_when`: required as soon as one of the conditions holds.
    """

    id: str
    title: Text
    type: str
    section: str
    role: str
    help: Text | None
    required: bool
    required_when: tuple[Condition, ...]
    confidential: bool
    public: bool
    options: tuple[Option, ...]
    limits: Limits

    def is_required(self, answers: Mapping[str, Any]) -> bool:
        return self.required or any(c.holds(answers) for c in self.required_when)

    def choices(self, language: str, day: date) -> list[tuple[str, str]]:
        return [(o.id, o.title.say(language)) for o in self.options if o.is_valid(day)]

    def option_title(self, option_id: str, language: str) -> str:
        found = next((o for o in self.options if o.id == option_id), None)
        return found.title.say(language) if found else option_id

    def missing(self, answers: Mapping[str, Any], today: date) -> list[Missing]:
        """What is wrong with the answer to this question alone."""
        given = answers.get(self.id)
        if not is_answered(given) or (self.type == "flag" and given is False):
            if not self.is_required(answers):
                return []
            said = Text(f"请填写“{self.title.zh}”。", f"Please fill in “{self.title.en}”.")
            if self.type == "flag":
                said = Text(f"请确认“{self.title.zh}”。", f"Please confirm “{self.title.en}”.")
            return [Missing(self.id, "required", said)]
        allowed = [o.id for o in self.options if o.is_valid(today)]
        return wrong(self.id, self.title, self.type, given, self.limits, allowed, today)

    @classmethod
    def read(cls, raw: Mapping[str, Any], options: Iterable[Option]) -> Self:
        return cls(
            id=raw["id"],
            title=Text.read(raw["title"]),
            type=raw["type"],
            section=raw["section"],
            role=raw.get("role", ""),
            help=Text.read(raw["help"]) if "help" in raw else None,
            required=raw.get("required", False),
            required_when=tuple(Condition.read(c) for c in raw.get("required_when", ())),
            confidential=raw.get("confidential", False),
            public=raw.get("public", False),
            options=tuple(options),
            limits=Limits.read(raw),
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A group of questions under one heading."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Entry):
    """The questions of one kind of case. `ordered` holds pairs of which the first may not exceed
    the second (budget from–to, begin–end)."""

    sections: tuple[Section, ...]
    fields: tuple[FormField, ...]
    ordered: tuple[tuple[str, str], ...]

    def field(self, field_id: str) -> FormField | None:
        return next((f for f in self.fields if f.id == field_id), None)

    def by_role(self, role: str) -> FormField | None:
        """The one question that answers for this role, or None when the form does not ask it."""
        return next((f for f in self.fields if f.role == role), None)

    def answer(self, answers: Mapping[str, Any], role: str) -> Any:
        """The answer to the question with this role; None when not asked or not answered."""
        asked = self.by_role(role)
        given = answers.get(asked.id) if asked else None
        return given if is_answered(given) else None

    def in_section(self, section_id: str) -> tuple[FormField, ...]:
        return tuple(f for f in self.fields if f.section == section_id)

    @property
    def confidential_ids(self) -> frozenset[str]:
        return frozenset(f.id for f in self.fields if f.confidential)

    @property
    def public_ids(self) -> frozenset[str]:
        return frozenset(f.id for f in self.fields if f.public)

    def missing(self, answers: Mapping[str, Any], today: date) -> list[Missing]:
        """Everything that keeps these answers from being complete, in the order of the form."""
        found = [m for f in self.fields for m in f.missing(answers, today)]
        faulty = {m.field for m in found}
        for low, high in self.ordered:
            if {low, high} & faulty or not self._is_upside_down(low, high, answers):
                continue
            first, second = self._title(low), self._title(high)
            said = Text(
                f"“{first.zh}”不能超过“{second.zh}”。",
                f"“{first.en}” may not exceed “{second.en}”.",
            )
            found.append(Missing(low, "low-above-high", said))
        place = {f.id: at for at, f in enumerate(self.fields)}
        return sorted(found, key=lambda m: place[m.field])

    def is_complete(self, answers: Mapping[str, Any], today: date) -> bool:
        return not self.missing(answers, today)

    def _title(self, field_id: str) -> Text:
        return next(f.title for f in self.fields if f.id == field_id)

    def _is_upside_down(self, low: str, high: str, answers: Mapping[str, Any]) -> bool:
        first, second = answers.get(low), answers.get(high)
        if not is_answered(first) or not is_answered(second):
            return False
        asked = self.field(low)
        if asked is not None and asked.type == "date":
            return date.fromisoformat(str(first)) > date.fromisoformat(str(second))
        return Decimal(str(first)) > Decimal(str(second))

    @classmethod
    def read(
        cls, raw: Mapping[str, Any], options_of: Callable[[Mapping[str, Any]], list[Option]]
    ) -> Self:
        return cls(
            **heading(raw),
            sections=tuple(Section(s["id"], Text.read(s["title"])) for s in raw["sections"]),
            fields=tuple(FormField.read(f, options_of(f)) for f in raw["fields"]),
            ordered=tuple((pair[0], pair[1]) for pair in raw.get("ordered", ())),
        )
