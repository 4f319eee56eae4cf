"""What the worker does for notices: send the mail that waits, every twenty seconds."""

from django.utils import timezone
from procrastinate.contrib.django import app

from pilotline.desks.notices import services
from pilotline.desks.notices.ports import mailer


@app.periodic(cron="* * * * * */20")
@app.task(queue="notices", queueing_lock="notices.send_mails")
def send_mails(timestamp: int) -> int:
    return services.send_mails(mailer=mailer(), now=timezone.now())
