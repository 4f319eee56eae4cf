from django.apps import AppConfig


class SettlementDesk(AppConfig):
    name = "pilotline.desks.settlement"
    label = "settlement"

    def ready(self) -> None:
        from pilotline.desks.journal.forms import name_actions
        from pilotline.desks.settlement.rules.wording import ACTIONS, SUBJECTS

        name_actions(ACTIONS, subjects=SUBJECTS)
