"""Another program is one file and no code: it is opened, applied for, judged and published."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from pilotline.desks.calls import queries, services
from pilotline.desks.journal.services import publish_release
from pilotline.kernel.actor import SYSTEM
from pilotline.rulebook.check import check
from pilotline.rulebook.draft import read_folder
from tests.factories import NOW, actor
from tests.factories_calls import LATER, NAMES, applied, marked, opened

ADDED, ZH, EN = "added_list", "绿色工艺名单", "List of green processes"


@pytest.fixture
def added(tmp_path: Path, db: None) -> str:
    """The shipped rulebook with one file more: a list of which the code has never heard."""
    folder = Path(shutil.copytree(settings.RULEBOOKS / settings.RULEBOOK_REGION, tmp_path / "book"))
    (text,) = (
        file.read_text()
        for file in (folder / "programs").iterdir()
        if f"\nid: {NAMES['short']}\n" in file.read_text()
    )
    head, _title, rest = text.partition("\ntitle: ")
    _old, _line, rest = rest.partition("\n")
    head = head.replace(f"id: {NAMES['short']}", f"id: {ADDED}")
    file = folder / "programs" / "added-list.yaml"
    file.write_text(f"{head}\ntitle: {{zh: {ZH}, en: {EN}}}\n{rest}")
    assert check(folder) == []
    publish_release(who=SYSTEM, content=read_folder(folder).content(), now=NOW)
    return ADDED


def test_from_its_file_to_its_published_results(added: str) -> None:
    call = opened(added)
    made = {applied(call)[1]: total for total in (92, 64)}
    call = marked(call, made)
    services.make_list(who=SYSTEM, call=call.pk, now=LATER)
    services.open_notice(who=SYSTEM, call=call.pk, now=LATER)
    services.publish_results(who=SYSTEM, call=call.pk, now=LATER + timedelta(days=20))
    rows = queries.applications(who=actor("authority"), door="authority", call=call.pk)
    assert [row.state for row in rows] == ["granted", "refused"]
    for language, title in (("zh-hans", ZH), ("en", EN)):
        assert queries.program_of(call).title.say(language) == title
        reader = Client(headers={"Accept-Language": language})
        page = reader.get(f"/calls/{call.pk}/").content.decode()
        assert rows[0].title in page
