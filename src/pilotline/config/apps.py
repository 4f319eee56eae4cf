"""Wires the desks when Django starts: their event handlers, their ports' gateways."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ConfigApp(AppConfig):
    name = "pilotline.config"
    label = "config"

    def ready(self) -> None:
        autodiscover_modules("handlers")
