"""What the schema of the working calendar cannot see."""

from collections.abc import Iterator
from datetime import date

import holidays

from pilotline.rulebook.calendar import read
from pilotline.rulebook.draft import DraftEntry
from pilotline.rulebook.reading import Fault


def calendar_faults(entries: list[DraftEntry]) -> Iterator[Fault]:
    """A country that the library lacks, days that do not exist, ends before they begin."""
    for entry in entries:
        if entry.data["country"] not in holidays.list_supported_countries():
            zh, en = "没有这个国家的节假日数据。", "There are no public holidays of this country."
            yield entry.fault(("country",), zh, en)
        wrong = list(_wrong_days(entry))
        yield from wrong
        if wrong:
            continue
        calendar = read({"valid_from": entry.data["ends"], **entry.data})
        if not calendar.valid_from <= calendar.announced_to <= calendar.ends:
            zh = "应为：生效日期 ≤ 已公布到 ≤ 日历终止日。"
            en = "It must be: valid from ≤ announced to ≤ ends."
            yield entry.fault(("announced_to",), zh, en)
        for day in sorted(calendar.days_off & calendar.working_days):
            zh, en = f"{day} 既放假又上班。", f"{day} is both a day off and a working day."
            yield entry.fault(("days_off",), zh, en)


def _wrong_days(entry: DraftEntry) -> Iterator[Fault]:
    data = entry.data
    named = [((key,), data[key]) for key in ("announced_to", "ends")]
    named += [((key,), day) for key in ("days_off", "working_days") for day in data.get(key, ())]
    for path, text in named:
        try:
            date.fromisoformat(text)
        except ValueError:
            yield entry.fault(path, f"没有“{text}”这一天。", f"There is no such day as {text}.")
