from django.apps import AppConfig
from django.contrib.contenttypes.management import create_contenttypes
from django.db.models.signals import post_migrate


class PeopleDesk(AppConfig):
    name = "pilotline.desks.people"
    label = "people"

    def ready(self) -> None:
        # Who may what stands in a table of ours; nobody would read Django's rows of permissions,
        # four a model, which it writes anew after each migration and each emptying of the tables.
        post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
        post_migrate.disconnect(create_contenttypes)
