from importlib import import_module

from django.apps import AppConfig


class IdentityGateway(AppConfig):
    name = "pilotline.gateways.identity"
    label = "identity"

    def ready(self) -> None:
        import_module("pilotline.gateways.identity.signals")
