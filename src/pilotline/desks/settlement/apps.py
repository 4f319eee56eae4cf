from django.apps import AppConfig


class SettlementDesk(AppConfig):
    name = "pilotline.desks.settlement"
    label = "settlement"
