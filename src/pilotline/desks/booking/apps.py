from django.apps import AppConfig


class BookingDesk(AppConfig):
    name = "pilotline.desks.booking"
    label = "booking"
