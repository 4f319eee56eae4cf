"""Gateway: mail. Answers the port `notices.ports.Mailer` through Django's mail back end."""
