"""Wires the desks when Django starts: their event handlers, their ports' gateways."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ConfigApp(AppConfig):
    name = "pilotline.config"
    label = "config"

    def ready(self) -> None:
        from pilotline.desks.booking import ports as booking
        from pilotline.desks.demand import ports as demand
        from pilotline.desks.journal.forms import name_actions
        from pilotline.desks.notices import ports as notices
        from pilotline.desks.settlement import ports as settlement
        from pilotline.gateways.documents.printer import AgreementPapers, PdfPrinter
        from pilotline.gateways.messages.mail import DjangoMailer

        booking.connect(PdfPrinter())
        demand.connect(PdfPrinter())
        settlement.connect(AgreementPapers())
        notices.connect(DjangoMailer())
        name_actions(
            {"demonstration.load": _("Part of the demonstration loaded")},
            subjects={"demonstration": _("demonstration")},
        )
        autodiscover_modules("handlers")
