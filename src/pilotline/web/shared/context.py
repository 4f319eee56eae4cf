"""What every page's frame needs to know."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"who": getattr(request, "who", None)}
