from django.apps import AppConfig


class SharedDoor(AppConfig):
    name = "pilotline.web.shared"
    label = "web_shared"
