"""What the command says, in the reader's language: Chinese or English, by --lang or LANG."""

import gettext
import os
import sys
from pathlib import Path

LOCALES = Path(__file__).parent / "locale"
_chosen: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def choose_language(code: str | None = None) -> str:
    """Speak `zh` or `en` from now on; without a code, what the environment asks for."""
    global _chosen, _language
    if code is None:
        names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        wanted = next((name for name in names if name), "")
        code = "zh" if wanted.lower().startswith("zh") else "en"
    _language = code
    languages = ["zh_Hans"] if code == "zh" else []
    _chosen = gettext.translation("django", LOCALES, languages=languages, fallback=True)
    return code


def language() -> str:
    """`zh` or `en`."""
    return _language


def django_language() -> str:
    """The same language by Django's name."""
    return "zh-hans" if _language == "zh" else "en"


def _(text: str) -> str:
    """The text in the reader's language; texts to be translated are marked by this name."""
    return _chosen.gettext(text)


def say(text: str) -> None:
    """One line about what is being done. Goes to stderr, so that output can be piped."""
    print(f"[pilotline] {text}", file=sys.stderr, flush=True)
