"""Programs that call the API: each a token of a person in a role."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pilotline.desks.people.models import User
from pilotline.desks.people.queries import actor_for
from pilotline.desks.people.services import make_token
from tests.factories import person

V1 = "/api/v1"


class Program:
    """Sends JSON with a token and reads JSON."""

    def __init__(self, user: User | None, scopes: tuple[str, ...], language: str) -> None:
        self.user = user
        self.client = Client(raise_request_exception=False)
        self.headers = {"Accept-Language": language}
        if user is not None:
            self.token = token_of(user, scopes)
            self.headers["Authorization"] = f"Bearer {self.token}"

    @property
    def who(self) -> Any:
        return actor_for(self.user)

    def ask(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str):
        """The answer, after a look at its status."""
        given = {"headers": self.headers | {k.replace("_", "-"): v for k, v in headers.items()}}
        if body is not None:
            given |= {"data": json.dumps(body), "content_type": "application/json"}
        response = self.client.generic(method, V1 + path, **given)
        assert response.status_code == status, response.content.decode()[:2000]
        return response

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        response = self.client.get(V1 + path, query, headers=self.headers)
        assert response.status_code == status, response.content.decode()[:2000]
        return response.json()

    def post(self, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        return self.ask("POST", path, body, status, **headers).json()

    def send(self, path: str, status: int = 201, **parts: Any) -> Any:
        """A form with a file."""
        response = self.client.post(V1 + path, parts, headers=self.headers)
        assert response.status_code == status, response.content.decode()[:2000]
        return response.json()


def token_of(user: User, scopes: tuple[str, ...] = ("read", "write")) -> str:
    now = timezone.now()
    expires = now + timedelta(days=7)
    return make_token(who=actor_for(user), name="test", scopes=scopes, expires=expires, now=now)[1]


@pytest.fixture
def program(rulebook: Any) -> Callable[..., Program]:
    """Makes a program for a new person in a role, for a given user, or for nobody."""

    def make(
        who: str | User | None = "applicant",
        *,
        scopes: tuple[str, ...] = ("read", "write"),
        language: str = "en",
        **given: Any,
    ) -> Program:
        user = person(who, **given) if isinstance(who, str) else who
        return Program(user, scopes, language)

    return make
