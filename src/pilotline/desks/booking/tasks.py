"""What the worker does for booking: holds end by themselves, plans that were asked for are made."""

from django.utils import timezone
from procrastinate.contrib.django import app

from pilotline.desks.booking import services


@app.periodic(cron="* * * * *")
@app.task(queue="booking", queueing_lock="booking.sweep")
def sweep(timestamp: int) -> int:
    return services.sweep(now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queue="planning", queueing_lock="booking.plan")
def plan(timestamp: int) -> int:
    return services.work_out(now=timezone.now())
