from django.apps import AppConfig


class JournalDesk(AppConfig):
    name = "pilotline.desks.journal"
    label = "journal"
