from django.apps import AppConfig


class OperatorDoor(AppConfig):
    name = "pilotline.web.operator"
    label = "web_operator"
