from django.apps import AppConfig


class ExpertDoor(AppConfig):
    name = "pilotline.web.expert"
    label = "web_expert"
