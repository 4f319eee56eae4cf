from django.apps import AppConfig


class ReviewDesk(AppConfig):
    name = "pilotline.desks.review"
    label = "review"
