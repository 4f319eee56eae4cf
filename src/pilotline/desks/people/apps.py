from django.apps import AppConfig


class PeopleDesk(AppConfig):
    name = "pilotline.desks.people"
    label = "people"
