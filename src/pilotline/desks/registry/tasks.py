"""What the worker does for the registry, once a day."""

from django.utils import timezone
from procrastinate.contrib.django import app

from pilotline.desks.registry import services


@app.periodic(cron="20 3 * * *")
@app.task(queue="registry", queueing_lock="registry.forget_old_imports", pass_context=False)
def forget_old_imports(timestamp: int) -> int:
    return services.forget_old_imports(now=timezone.now())


@app.periodic(cron="5 0,16 * * *")
@app.task(queue="registry", queueing_lock="registry.turn_certificates", pass_context=False)
def turn_certificates(timestamp: int) -> int:
    """Certificates begin and end by the day: what others know of them is brought up to date."""
    return services.turn_certificates(now=timezone.now())
