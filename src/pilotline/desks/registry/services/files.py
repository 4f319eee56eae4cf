"""Files that were handed in and checked: outside the web root, under names that tell nothing."""

import hashlib
import secrets
from datetime import datetime
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone

CHUNK = 1 << 20


def content_digest(content: IO[bytes]) -> str:
    """SHA-256 of the whole content, which is left at its beginning."""
    content.seek(0)
    digest = hashlib.sha256()
    while piece := content.read(CHUNK):
        digest.update(piece)
    content.seek(0)
    return digest.hexdigest()


def keep_content(content: IO[bytes], now: datetime) -> str:
    """Keep the content under a random name; that name is what a row remembers."""
    day = timezone.localdate(now)
    return default_storage.save(f"{day:%Y/%m}/{secrets.token_hex(24)}", File(content))
