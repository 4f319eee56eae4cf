from django.apps import AppConfig


class AuthorityDoor(AppConfig):
    name = "pilotline.web.authority"
    label = "web_authority"
