"""What the worker does for approvals: remind of conditions and of permits that end."""

from django.utils import timezone
from procrastinate.contrib.django import app

from pilotline.desks.approvals import services


@app.periodic(cron="35 0 * * *")
@app.task(queue="approvals", queueing_lock="approvals.remind")
def remind(timestamp: int) -> int:
    now = timezone.now()
    return services.remind_conditions(now=now) + services.remind_permits(now=now)
