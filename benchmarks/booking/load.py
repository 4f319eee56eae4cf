"""The clients: connections that post one slot at the same moment and read what they are told."""

import asyncio
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

CONNECTIONS = (2, 8, 64)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Target:
    """Where to post: the server's port, a token and organisation for each client, and groups of
    resources, each of which is booked together. Slot n is hour n // groups after `start`."""

    port: int
    tokens: list[tuple[str, int]]
    groups: list[list[int]]
    start: str

    def body(self, slot: int, organisation: int) -> bytes:
        start = datetime.fromisoformat(self.start) + slot // len(self.groups) * HOUR
        times = {"start": start.isoformat(), "end": (start + HOUR).isoformat()}
        group = self.groups[slot % len(self.groups)]
        wishes = [{"resource": pk} | times for pk in group]
        given = {"organisation": organisation, "wishes": wishes, "purpose": "benchmark"}
        return json.dumps(given).encode()

    def request(self, slot: int, client: int) -> bytes:
        token, organisation = self.tokens[client % len(self.tokens)]
        body = self.body(slot, organisation)
        head = (
            "POST /api/v1/my/bookings HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
            f"Accept-Language: en\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


@dataclass(slots=True)
class Round:
    """What came of some slots: winners of each, how many losers were told the next free times,
    how many answers were neither, and how long each answer took."""

    winners: list[int] = field(default_factory=list)
    told: int = 0
    unclear: int = 0
    times_ms: list[float] = field(default_factory=list)
    seconds: float = 0.0


def run(target: Target, connections: int, slots: Iterable[int]) -> Round:
    """Post each slot from all connections at once, one slot after the other."""
    return asyncio.run(_run(target, connections, list(slots)))


async def _run(target: Target, connections: int, slots: list[int]) -> Round:
    clients = [_Client(target, number) for number in range(connections)]
    done = Round()
    begun = time.perf_counter()
    for slot in slots:
        answers = await asyncio.gather(*(client.post(slot) for client in clients))
        done.winners.append(sum(status == 201 for status, _body, _ms in answers))
        for status, body, ms in answers:
            done.times_ms.append(ms)
            if status != 201:
                told = status == 422 and _names_free_times(body)
                done.told += told
                done.unclear += not told
    done.seconds = time.perf_counter() - begun
    for client in clients:
        client.close()
    return done


def _names_free_times(body: bytes) -> bool:
    """True when every problem says that the time is taken and which ones are free."""
    problems = json.loads(body)["problems"]
    return bool(problems) and all(p["code"] == "taken" and p["data"]["free"] for p in problems)


class _Client:
    """One connection that is kept open, and opened again when the server has closed it."""

    def __init__(self, target: Target, number: int) -> None:
        self._target = target
        self._number = number
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, slot: int) -> tuple[int, bytes, float]:
        begun = time.perf_counter()
        request = self._target.request(slot, self._number)
        for _turn in range(2):
            try:
                status, body = await self._ask(request)
                return status, body, (time.perf_counter() - begun) * 1000
            except (ConnectionError, asyncio.IncompleteReadError):
                self.close()
        return 0, b"", (time.perf_counter() - begun) * 1000

    async def _ask(self, request: bytes) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._target.port)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields: dict[str, Any] = {}
        for line in head[1:]:
            name, _colon, value = line.partition(":")
            fields[name.lower()] = value.strip()
        body = await reader.readexactly(int(fields.get("content-length", 0)))
        if fields.get("connection", "").lower() == "close":
            self.close()
        return int(head[0].split()[1]), body

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
