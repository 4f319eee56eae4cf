"""What the worker does for people: sweep what has ended."""

from django.core.management import call_command
from django.utils import timezone
from procrastinate.contrib.django import app

from pilotline.desks.people import services


@app.periodic(cron="41 3 * * *")
@app.task(queue="people", queueing_lock="people.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Forget lanes nobody uses, what the cache has outlived, and sessions that have ended."""
    services.sweep(now=timezone.now())
    call_command("clearsessions")
