"""What the worker does for calls, once a day after midnight in the region."""

from django.utils import timezone
from procrastinate.contrib.django import app

from pilotline.desks.calls import services


@app.periodic(cron="20 16 * * *")
@app.task(queue="calls", queueing_lock="calls.turn_the_day", pass_context=False)
def turn_the_day(timestamp: int) -> None:
    """Close what is over, remind of what is due, look at plans of cultivation again."""
    now = timezone.now()
    services.follow_the_clock(now=now)
    services.remind_of_milestones(now=now)
    services.look_again(now=now)
