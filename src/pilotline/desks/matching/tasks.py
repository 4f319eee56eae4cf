"""What the worker does for matching: keep shortlists and gaps as fresh as the registry."""

from django.utils import timezone
from procrastinate.contrib.django import app

from pilotline.desks.matching import services


@app.periodic(cron="* * * * *")
@app.task(queue="matching", queueing_lock="matching.refresh_stale")
def refresh_stale(timestamp: int) -> int:
    return services.refresh_stale(now=timezone.now())
