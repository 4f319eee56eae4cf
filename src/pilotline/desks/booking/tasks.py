"""What the worker does for booking: holds and offers end by themselves."""

from django.utils import timezone
from procrastinate.contrib.django import app

from pilotline.desks.booking import services


@app.periodic(cron="* * * * *")
@app.task(queue="booking", queueing_lock="booking.sweep")
def sweep(timestamp: int) -> int:
    return services.sweep(now=timezone.now())
