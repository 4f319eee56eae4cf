"""Mail through the back end the installation is set to: files by default, SMTP in production."""

from django.conf import settings
from django.core.mail import EmailMessage


class DjangoMailer:
    """One plain-text mail with a link into the site."""

    def send(self, *, to: str, subject: str, text: str, link: str) -> None:
        body = f"{text}\n{settings.SITE_URL.rstrip('/')}{link}\n"
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [to]).send()
