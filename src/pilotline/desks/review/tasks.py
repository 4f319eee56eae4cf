"""What the worker does for review: what is late goes up, who is late is reminded and replaced."""

from django.utils import timezone
from procrastinate.contrib.django import app

from pilotline.desks.review import services


@app.periodic(cron="5 * * * *")
@app.task(queue="review", queueing_lock="review.escalate_late")
def escalate_late(timestamp: int) -> int:
    return services.escalate_late(now=timezone.now())


@app.periodic(cron="25 0 * * *")
@app.task(queue="review", queueing_lock="review.renew_clocks")
def renew_clocks(timestamp: int) -> int:
    """A calendar that was published yesterday counts today."""
    return services.renew_clocks(now=timezone.now())


@app.periodic(cron="17 * * * *")
@app.task(queue="review", queueing_lock="review.chase")
def chase(timestamp: int) -> dict[str, int]:
    return services.chase(now=timezone.now())
