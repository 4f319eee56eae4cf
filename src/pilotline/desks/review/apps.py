from django.apps import AppConfig


class ReviewDesk(AppConfig):
    name = "pilotline.desks.review"
    label = "review"

    def ready(self) -> None:
        from pilotline.desks.journal.forms import name_actions
        from pilotline.desks.review.rules.wording import ACTIONS, SUBJECTS

        name_actions(ACTIONS, subjects=SUBJECTS)
