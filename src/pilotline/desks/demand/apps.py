from django.apps import AppConfig


class DemandDesk(AppConfig):
    name = "pilotline.desks.demand"
    label = "demand"
