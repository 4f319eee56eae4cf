from django.apps import AppConfig


class BookingDesk(AppConfig):
    name = "pilotline.desks.booking"
    label = "booking"

    def ready(self) -> None:
        from pilotline.desks.booking.rules.wording import ACTIONS, SUBJECTS
        from pilotline.desks.journal.forms import name_actions

        name_actions(ACTIONS, subjects=SUBJECTS)
