"""Both languages are complete: nothing missing, nothing stale, the same words said the same."""

import re
from pathlib import Path

import pytest
import yaml

from tools import messages

ROOMS = messages.rooms()
HAN = "[\u4e00-\u9fff]"
HALF_WIDTH = re.compile(rf"{HAN}[,;:?!(]|[,;:?!)]{HAN}")
# Words for `yesno` are parted by a comma, and a line to be typed is shown as it is typed.
AS_TYPED = ("yes,no", "One a line: before > after: minutes. A star stands for any family.")


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: f"{room.parent.name}-{room.name}")
def test_a_rooms_catalogue_is_complete(room):
    assert messages.faults(room) == []


def test_rooms_that_share_words_agree_on_their_chinese():
    assert messages.disagreements(ROOMS) == []


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: f"{room.parent.name}-{room.name}")
def test_chinese_takes_chinese_punctuation(room):
    entries = messages.read(room / messages.CATALOGUE)
    said = [text for key, text in entries.items() if key[1] not in AS_TYPED]
    assert [text for text in said if HALF_WIDTH.search(text)] == []


def test_the_demonstration_takes_chinese_punctuation():
    folder = Path(messages.SOURCE).parents[1] / "demonstrations"
    texts = [t for path in folder.rglob("*.yaml") for t in _texts(yaml.safe_load(path.read_text()))]
    assert [text for text in texts if HALF_WIDTH.search(text)] == []


def _texts(value):
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inside for text in _texts(one)]


def test_words_are_found_in_code():
    source = (
        "from django.utils.translation import gettext as words, pgettext_lazy, ngettext\n"
        'words("one" " sentence")\n'
        'pgettext_lazy("talk", "open")\n'
        'ngettext("%(n)d row", "%(n)d rows", 3)\n'
        "words(name)\n"
    )
    assert set(messages.from_python(source)) == {
        (None, "one sentence", None),
        ("talk", "open", None),
        (None, "%(n)d row", "%(n)d rows"),
    }


def test_words_are_found_in_templates():
    source = (
        '{% load i18n %}{% trans "Save" %}{{ x|default:_("None yet") }}'
        "{% trans 'It’s' as y %}{% blocktrans count n=1 %}{{ n }} row{% plural %}{{ n }} rows"
        '{% endblocktrans %}{% trans "open" context "talk" %}'
    )
    assert set(messages.from_template(source, "here")) == {
        (None, "Save", None),
        (None, "None yet", None),
        (None, "It’s", None),
        (None, "%(n)s row", "%(n)s rows"),
        ("talk", "open", None),
    }


def test_a_catalogue_is_read_as_it_was_written(tmp_path):
    entries = {
        (None, 'say "so"\nand \\ so', None): "说“这样”\n再说",
        ("talk", "open", None): "进行中",
        (None, "%(n)d row", "%(n)d rows"): "%(n)d 行",
        (None, "new", None): "",
    }
    path = tmp_path / "django.po"
    messages.write(path, entries)
    assert messages.read(path) == entries


def test_compiled_words_are_what_gettext_reads(tmp_path):
    import gettext
    import io

    entries = {
        (None, "Save", None): "保存",
        ("talk", "open", None): "进行中",
        (None, "%(n)d row", "%(n)d rows"): "%(n)d 行",
        (None, "empty", None): "",
    }
    catalogue = gettext.GNUTranslations(io.BytesIO(messages.compiled(entries)))
    assert catalogue.gettext("Save") == "保存"
    assert catalogue.pgettext("talk", "open") == "进行中"
    assert catalogue.ngettext("%(n)d row", "%(n)d rows", 2) == "%(n)d 行"
    assert catalogue.gettext("empty") == "empty"


def test_a_placeholder_that_got_lost_is_seen():
    key = (None, "%(count)d of {total}", None)
    assert messages._differs(key, "共 {total}")
    assert not messages._differs(key, "%(count)d，共 {total}")
