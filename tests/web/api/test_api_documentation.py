"""The API tells itself: a schema for programs, a page for people, a list in the documents."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from jsonschema import Draft202012Validator

from pilotline.web.api.documentation import METHODS, example_of, operations, schema
from pilotline.web.api.reference import reference
from pilotline.web.shared.access import ACCESS

ROOT = Path(__file__).resolve().parents[3]
HAN = re.compile(r"[\u4e00-\u9fff]")

pytestmark = pytest.mark.usefixtures("rulebook")


def test_the_list_in_the_documents_is_fresh():
    written = (ROOT / "docs" / "reference" / "api.md").read_text()
    assert written == reference(), "python -m pilotline.web.api.reference > docs/reference/api.md"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_route_is_described_in_the_language(language):
    whole = schema(language)
    for path, method, operation in operations(whole):
        name = operation["operationId"].rpartition("-")[0]
        assert operation["x-roles"] == sorted(ACCESS[f"api:{name}"]), path
        assert bool(HAN.search(operation["summary"])) == (language == "zh-hans"), path
        assert bool(HAN.search(operation["tags"][0])) == (language == "zh-hans"), path
        assert {"400", "401", "403", "404", "409", "422"} <= set(operation["responses"]), path
        told = [p["description"] for p in operation["parameters"] if p.get("description")]
        assert all(bool(HAN.search(t)) == (language == "zh-hans") for t in told), path
        if method != "get":
            assert operation["security"] == [{"Bearer": []}], path
            assert operation["x-scopes"], path


def test_fields_are_described_in_chinese_too():
    fields = [
        field["description"]
        for shape in schema("zh-hans")["components"]["schemas"].values()
        for field in shape.get("properties", {}).values()
        if "description" in field
    ]
    assert [told for told in fields if told.isascii()] == []
    assert len(fields) > 80


def test_operations_have_names_of_their_own():
    names = [operation["operationId"] for _path, _method, operation in operations(schema("en"))]
    assert len(names) == len(set(names)) > 90


def test_shapes_have_names_of_their_own():
    """The schema knows a shape by its name alone: two of one name would be one of them."""
    found = {}
    for module in (ROOT / "src" / "pilotline" / "web" / "api").rglob("*.py"):
        for name in re.findall(r"^class (\w+)\(", module.read_text(), re.M):
            found.setdefault(name, []).append(module.name)
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


def test_every_body_has_an_example_of_its_form():
    whole = schema("en")
    for path, method, operation in operations(whole):
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            continue
        form = content["application/json"]["schema"] | {"components": whole["components"]}
        given = example_of(whole, form)
        faults = list(Draft202012Validator(form).iter_errors(json.loads(json.dumps(given))))
        assert faults == [], (method, path, given)


@pytest.mark.parametrize(("language", "heading"), [("zh-hans", "开放接口"), ("en", "The API")])
def test_the_page_needs_nothing_from_elsewhere(language, heading):
    client = Client(headers={"Accept-Language": "en"})
    if language == "en":
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = client.get("/api/v1/")
    shown = response.content.decode()
    assert (response.status_code, response.headers["Content-Language"]) == (200, language)
    assert heading in shown
    assert re.findall(r"<script(?![^>]*src=)", shown) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//', shown) == []
    assert " style=" not in shown
    assert "'unsafe" not in response.headers["Content-Security-Policy"]
    assert shown.count("<details") == len(operations(schema("en")))


def test_the_schema_is_served_in_the_language_asked_for():
    for language, word in (("zh", "已公布的平台"), ("en", "Published facilities")):
        response = Client().get("/api/v1/openapi.json", headers={"Accept-Language": language})
        found = response.json()
        assert found["openapi"].startswith("3.1")
        assert found["paths"]["/api/v1/facilities"]["get"]["summary"] == word
        assert {m for methods in found["paths"].values() for m in methods} <= set(METHODS)
