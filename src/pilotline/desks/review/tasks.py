"""What the worker does for review: what is late goes up."""

from django.utils import timezone
from procrastinate.contrib.django import app

from pilotline.desks.review import services


@app.periodic(cron="5 * * * *")
@app.task(queue="review", queueing_lock="review.escalate_late")
def escalate_late(timestamp: int) -> int:
    return services.escalate_late(now=timezone.now())
