from django.apps import AppConfig


class ApiDoor(AppConfig):
    name = "pilotline.web.api"
    label = "web_api"
