from django.apps import AppConfig


class NoticesDesk(AppConfig):
    name = "pilotline.desks.notices"
    label = "notices"
