from django.apps import AppConfig


class PublicDoor(AppConfig):
    name = "pilotline.web.public"
    label = "web_public"
