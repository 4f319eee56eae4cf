from django.apps import AppConfig


class RegistryDesk(AppConfig):
    name = "pilotline.desks.registry"
    label = "registry"
