"""Who may read the book, and how an entry is written down for the chain."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from pilotline.kernel.actor import Actor

GENESIS = "0" * 64


def may_read_entries(who: Actor) -> bool:
    """The whole book is open to the region's authority and to the machine itself."""
    return who.is_system or (who.has("authority") and any(r.endswith("0000") for r in who.regions))


def may_see_outbox(who: Actor) -> bool:
    """What is stuck is the business of those who keep the system running, and the authority's."""
    return who.has("sysop") or may_read_entries(who)


def canonical(values: Mapping[str, Any]) -> str:
    """One text for one content: sorted keys, no blanks, Django's way with dates and decimals."""
    return json.dumps(
        values, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )


def plain(values: Mapping[str, Any] | None) -> Any:
    """The values as JSON sees them, so that an entry's body and its columns say the same."""
    return None if values is None else json.loads(json.dumps(values, cls=DjangoJSONEncoder))


def says_the_same(body: str, columns: Mapping[str, Any]) -> bool:
    """True when a body holds just what the columns hold. Compared as values: the database may
    spell a number in another way than the body."""
    try:
        said = _exact(body)
    except ValueError:
        return False
    return said == _exact(canonical(columns))


def _exact(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def link_digest(previous: str, entry: int, body: str) -> str:
    """What the trigger computes in SQL: sha256 of previous digest, entry number and body."""
    return digest_of(f"{previous}|{entry}|{body}")
