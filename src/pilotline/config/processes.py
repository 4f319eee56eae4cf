"""The two processes that `pilotline serve` looks after: `python -m pilotline.config.processes web`
and `… worker`. Both end when the process that started them is gone, however it went."""

import gc
import os
import signal
import sys
import threading
from typing import Any

from gunicorn.app.base import BaseApplication

LIFELINE = "PILOTLINE_LIFELINE"
LISTENER = "PILOTLINE_LISTENER"
GATE = "PILOTLINE_GATE"
WORKERS = "PILOTLINE_WEB_WORKERS"
THREADS = 4
MOST_WORKERS = 8
GRACE = 5
SHARED = "/dev/shm"  # noqa: S108  memory for heartbeats, where it may be used


class Web(BaseApplication):  # type: ignore[misc]
    """gunicorn with threads: measured fastest for our pages, and the calmest under load."""

    def load_config(self) -> None:
        settings = {
            "bind": f"fd://{os.environ[LISTENER]}",
            "worker_class": "gthread",
            # The code is read once, and shared by all that serve it.
            "preload_app": True,
            "workers": web_workers(),
            "threads": THREADS,
            "timeout": 60,
            "graceful_timeout": GRACE,
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
            "control_socket_disable": True,
            "worker_tmp_dir": SHARED if os.access(SHARED, os.W_OK | os.X_OK) else None,
            "loglevel": "warning",
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        import django
        from django.core.wsgi import get_wsgi_application
        from django.urls import get_resolver

        django.setup()
        _ = get_resolver().url_patterns  # reads every page's code, which takes the longest
        wait_at_gate()
        application = get_wsgi_application()
        # What is read by now lives as long as the process: no collection looks through it again,
        # and processes go on sharing its memory.
        gc.collect()
        gc.freeze()
        return application


def web_workers() -> int:
    """One process a core, unless PILOTLINE_WEB_WORKERS says otherwise."""
    given = os.environ.get(WORKERS, "")
    return int(given) if given.isdigit() and int(given) else min(os.cpu_count() or 1, MOST_WORKERS)


def run_web() -> None:
    Web().run()


def run_worker() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("procrastinate", "worker", "--shutdown-graceful-timeout", str(GRACE))


def wait_at_gate() -> None:
    """Return when the database and the static files are up to date: our parent shuts a pipe."""
    handle = os.environ.get(GATE)
    if handle is not None:
        os.read(int(handle), 1)


def hold_lifeline() -> None:
    """End ourselves when the pipe from our parent closes: it was killed and cannot tell us."""
    handle = os.environ.get(LIFELINE)
    if handle is None:
        return

    def wait_for_the_end() -> None:
        os.read(int(handle), 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_the_end, daemon=True).start()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pilotline.config.settings")
    hold_lifeline()
    {"web": run_web, "worker": run_worker}[sys.argv[1]]()


if __name__ == "__main__":
    main()
