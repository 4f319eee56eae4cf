"""The real web server on a port of its own, and one client that asks it in turn."""

import http.client
import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from benchmarks.pages.walk import HOST, Page
from pilotline.config.processes import LIFELINE, LISTENER, WORKERS
from pilotline.config.serve import Child, child_environment, listen

PATIENCE = 300.0  # a busy machine may take minutes to start a server


@contextmanager
def server(workers: int) -> Iterator[int]:
    """gunicorn as `pilotline serve` runs it; gives the port."""
    lifeline = os.pipe()
    with listen(HOST, 0) as listener:
        environment = child_environment() | {
            WORKERS: str(workers),
            LISTENER: str(listener.fileno()),
            LIFELINE: str(lifeline[0]),
        }
        web = Child("web", "web", environment, [lifeline[0], listener.fileno()])
        web.tend(time.monotonic())
        try:
            yield listener.getsockname()[1]
        finally:
            web.signal(signal.SIGTERM)
            if web.process is not None:
                web.process.wait(PATIENCE)
            for end in lifeline:
                os.close(end)


class Browser:
    """Asks one after the other on one connection, as a browser does."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)

    def milliseconds(self, url: str, cookie: str = "") -> float:
        """Until the last byte is here. Raises RuntimeError for an error of the server."""
        headers = {"Cookie": cookie} if cookie else {}
        began = time.perf_counter()
        self._connection.request("GET", url, headers=headers)
        response = self._connection.getresponse()
        response.read()
        spent = (time.perf_counter() - began) * 1000
        if response.status >= 500:
            raise RuntimeError(f"{url} answers {response.status}")
        return spent


def ask(
    browser: Browser, pages: Sequence[Page], floor: str, rounds: int, workers: int
) -> tuple[dict[str, list[float]], list[float]]:
    """Times of each page by view, and of the floor: all in turn, so that a busy moment of the
    machine falls on all alike."""
    times: dict[str, list[float]] = {page.view: [] for page in pages}
    least: list[float] = []
    for turn in range(rounds + workers):
        for page in pages:
            spent = browser.milliseconds(page.url, page.cookie)
            if turn >= workers:  # until then each worker builds what it keeps
                times[page.view].append(spent)
        least += [browser.milliseconds(floor) for _ in range(10)] if turn >= workers else []
    return times, least
