from django.apps import AppConfig


class MatchingDesk(AppConfig):
    name = "pilotline.desks.matching"
    label = "matching"
