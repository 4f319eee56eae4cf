"""What the worker does for the journal: deliver what is due, revive jobs whose worker died."""

from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from pilotline.desks.journal import services


@app.periodic(cron="* * * * * */15")
@app.task(queue="journal", pass_context=False, queueing_lock="journal.deliver_due")
def deliver_due(timestamp: int) -> int:
    return services.deliver_due(now=timezone.now())


@app.periodic(cron="*/2 * * * *")
@app.task(queue="journal", queueing_lock="journal.retry_stalled", pass_context=True)
async def retry_stalled(context: Any, timestamp: int) -> None:
    """A worker that was killed leaves its job behind as `doing`; put such jobs back in line."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


@app.periodic(cron="17 2 * * *")
@app.task(queue="journal", queueing_lock="journal.check_chain", pass_context=False)
def check_chain(timestamp: int) -> None:
    """Walk the chain every night, and when somebody asks for it."""
    services.check_chain(now=timezone.now())
