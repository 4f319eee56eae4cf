from django.apps import AppConfig


class ApprovalsDesk(AppConfig):
    name = "pilotline.desks.approvals"
    label = "approvals"
