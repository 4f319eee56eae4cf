"""Mails about log-ins are sent by the worker: nobody waits for a mail server, and how long an
answer takes does not tell whether an account exists."""

from django.conf import settings
from django.core.mail import EmailMessage
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

PATIENCE = RetryStrategy(max_attempts=6, exponential_wait=5)


@app.task(queue="identity", retry=PATIENCE)
def send_mail(to: str, subject: str, text: str) -> None:
    EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [to]).send()
