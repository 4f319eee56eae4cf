from django.apps import AppConfig


class ApprovalsDesk(AppConfig):
    name = "pilotline.desks.approvals"
    label = "approvals"

    def ready(self) -> None:
        from pilotline.desks.approvals.rules.wording import ACTIONS, SUBJECTS
        from pilotline.desks.journal.forms import name_actions

        name_actions(ACTIONS, subjects=SUBJECTS)
