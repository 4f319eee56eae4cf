from django.apps import AppConfig


class CallsDesk(AppConfig):
    name = "pilotline.desks.calls"
    label = "calls"

    def ready(self) -> None:
        from pilotline.desks.calls.rules.wording import ACTIONS, SUBJECTS
        from pilotline.desks.journal.forms import name_actions

        name_actions(ACTIONS, subjects=SUBJECTS)
