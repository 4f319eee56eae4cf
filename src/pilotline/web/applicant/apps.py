from django.apps import AppConfig


class ApplicantDoor(AppConfig):
    name = "pilotline.web.applicant"
    label = "web_applicant"
