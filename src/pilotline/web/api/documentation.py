"""The API told by itself: OpenAPI for programs, a page for people.

Both are made from the declared routes. Nothing is loaded from elsewhere and nothing runs in the
browser.
"""

import json
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from pilotline.web.api.api import api
from pilotline.web.api.doors import Bearer
from pilotline.web.api.route import Trouble
from pilotline.web.shared.access import ACCESS
from pilotline.web.shared.language import language_of_page

PREFIX = "api/v1/"
METHODS = ("get", "post", "put", "patch", "delete")
ABOUT = _(
    "Everything that the pages can do, for programs: JSON in UTF-8, the same rights and the same "
    "checks. Errors always have one shape and name all reasons at once, in the language of "
    "Accept-Language (Chinese, unless another is asked for)."
)
ROLES = {
    "anyone": _("everybody"),
    "known": _("whoever has a token"),
    "applicant": _("applicants"),
    "operator": _("operators"),
    "authority": _("authorities"),
    "expert": _("experts"),
    "sysop": _("the operator of the system"),
}
DEEPEST = 6
SHAPES = "#/components/schemas/"
ERRORS = (400, 401, 403, 404, 409, 422)
ERRORS_OF_BODIES = (413, 415)


@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """The description that generators and testers read."""
    found = schema(translation.get_language() or "zh-hans")
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False})


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The same for people, in the language that they read pages in."""
    language = language_of_page(request)
    with translation.override(language):
        response = render(request, "api/documentation.html", {"groups": groups(language)})
    response.headers["Content-Language"] = language
    return response


@lru_cache(maxsize=4)
def schema(language: str) -> dict[str, Any]:
    """OpenAPI 3.1 of all routes; summaries in this language."""
    made: dict[str, Any] = json.loads(_untold())
    with translation.override(language):
        _translate(made)
        made["info"]["description"] = gettext(ABOUT)
        for path, method, operation in operations(made):
            operation["summary"] = gettext(operation["summary"])
            operation["tags"] = [gettext(tag) for tag in operation["tags"]]
            operation["x-roles"] = sorted(_roles(operation))
            operation["x-scopes"] = _scopes(path, method)
    return made


@lru_cache(maxsize=1)
def _untold() -> str:
    """The description before it is told in a language: the part that takes seconds to make."""
    made = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX), default=str))
    made["servers"] = [{"url": "/"}]
    _tell_errors(made)
    return json.dumps(made)


def _tell_errors(made: dict[str, Any]) -> None:
    """Adds what any operation may answer instead. Said here once: a model for each error of each
    operation would hold up the start of every process."""
    shape = Trouble.model_json_schema(ref_template=f"{SHAPES}{{model}}")
    made["components"]["schemas"] |= shape.pop("$defs") | {"Trouble": shape}
    content = {"application/json": {"schema": {"$ref": f"{SHAPES}Trouble"}}}
    for _path, method, operation in operations(made):
        for status in ERRORS + (ERRORS_OF_BODIES if method != "get" else ()):
            told = {"description": HTTPStatus(status).phrase, "content": content}
            operation["responses"].setdefault(str(status), told)


def _translate(part: Any) -> None:
    """Puts every description in the active language."""
    if isinstance(part, list):
        for one in part:
            _translate(one)
    elif isinstance(part, dict):
        for key, one in part.items():
            if key == "description" and isinstance(one, str) and one:
                part[key] = gettext(one)
            else:
                _translate(one)


def operations(found: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """(path, method, operation) of a schema, in the order of the declarations."""
    return [
        (path, method, methods[method])
        for path, methods in found["paths"].items()
        for method in METHODS
        if method in methods
    ]


def _roles(operation: dict[str, Any]) -> frozenset[str]:
    name = operation["operationId"].rpartition("-")[0]
    return ACCESS.get(f"api:{name}", frozenset())


@lru_cache(maxsize=1)
def _doors() -> dict[tuple[str, str], Bearer | None]:
    """By path and method, the check of scopes that stands before an operation."""
    return {
        (f"/{PREFIX}{path.lstrip('/')}", method.lower()): next(iter(one.auth_callbacks), None)
        for bound in api._get_bound_routers()
        for path, view in bound.path_operations.items()
        for one in view.operations
        for method in one.methods
    }


def _scopes(path: str, method: str) -> list[str]:
    door = _doors()[path, method]
    return door.scopes(method) if door else []


def groups(language: str) -> list[dict[str, Any]]:
    """The routes by noun, each with what goes in, what comes out and an example of both."""
    whole = schema(language)
    found: dict[str, list[dict[str, Any]]] = {}
    for path, method, operation in operations(whole):
        shown = _shown(whole, path, method, operation)
        found.setdefault(operation["tags"][0], []).append(shown)
    return [
        {"title": title, "id": f"group-{number}", "routes": routes}
        for number, (title, routes) in enumerate(found.items(), 1)
    ]


def _shown(
    whole: dict[str, Any], path: str, method: str, operation: dict[str, Any]
) -> dict[str, Any]:
    status, answer = next(iter(operation["responses"].items()))
    errors = [code for code in operation["responses"] if code != status]
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "about": operation.get("description", ""),
        "roles": [gettext(ROLES[role]) for role in _widest(operation["x-roles"])],
        "scopes": operation["x-scopes"],
        "parameters": operation["parameters"],
        "sends": _content(whole, operation.get("requestBody", {})),
        "status": status,
        "answers": _content(whole, answer),
        "errors": errors,
    }


def _widest(roles: list[str]) -> list[str]:
    """Whoever is known includes every role."""
    return ["known"] if "known" in roles else roles


def _content(whole: dict[str, Any], holder: dict[str, Any]) -> dict[str, Any] | None:
    """Media type, fields and an example of a body; None when there is no body."""
    for media_type, content in holder.get("content", {}).items():
        example = None
        if media_type == "application/json":
            example = json.dumps(example_of(whole, content["schema"]), ensure_ascii=False, indent=2)
        return {
            "media_type": media_type,
            "fields": _fields(whole, content["schema"]),
            "example": example,
        }
    return None


def _fields(whole: dict[str, Any], part: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of an object, or of what a list holds, of which there is something to say."""
    part = _target(whole, part)
    if "items" in part.get("properties", {}):
        part = part["properties"]["items"]
    if "items" in part:
        part = _target(whole, part["items"])
    return [
        {"name": name, "about": about}
        for name, field in part.get("properties", {}).items()
        if (about := field.get("description", ""))
    ]


def example_of(whole: dict[str, Any], part: dict[str, Any], depth: int = 0) -> Any:
    """A value of the declared form: the examples it carries, else the plainest that fits."""
    if part.get("examples"):
        return part["examples"][0]
    if "default" in part:
        return part["default"]
    if "const" in part or "enum" in part:
        return part.get("const", part.get("enum", [None])[0])
    part = _target(whole, part)
    if part.get("examples"):
        return part["examples"][0]
    if "anyOf" in part:
        return example_of(whole, part["anyOf"][0], depth)
    if "properties" in part:
        if depth > DEEPEST:
            return {}
        required = part.get("required", ())
        return {
            name: example_of(whole, field, depth + 1)
            for name, field in part["properties"].items()
            if name in required or field.get("examples")
        }
    if part.get("type") == "array":
        listed = part.get("items") or next(iter(part.get("prefixItems", [])), {})
        return [example_of(whole, listed, depth + 1)] if depth < DEEPEST else []
    return _plainest(part)


def _plainest(part: dict[str, Any]) -> Any:
    formats = {"date": "2027-03-01", "date-time": "2026-11-02T01:30:00Z"}
    if part.get("format") in formats:
        return formats[part["format"]]
    plain = {"integer": 1, "number": 1.0, "boolean": True, "string": "", "null": None}
    return plain.get(part.get("type", "object"), {})


def _target(whole: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """What a reference points to."""
    for holder in (part, *part.get("allOf", ())):
        if "$ref" in holder:
            found: dict[str, Any] = whole["components"]["schemas"][holder["$ref"].split("/")[-1]]
            return found
    return part
