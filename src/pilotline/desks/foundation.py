"""A desk's first tables, made in one go."""

from typing import Any

from django.contrib.postgres.operations import CreateExtension
from django.db.migrations import CreateModel, Migration
from django.db.migrations.state import ProjectState


class Foundation(Migration):
    """A migration that only creates models, and the extensions they need.

    Django draws up every related model anew for each model that is created, and nearly all of
    ours are related: most of a first start went into that. Here the models are drawn up once.
    Raises TypeError for any other operation, which might need the state between two of them.
    """

    def apply(
        self, project_state: ProjectState, schema_editor: Any, collect_sql: bool = False
    ) -> ProjectState:
        if not all(isinstance(each, CreateModel | CreateExtension) for each in self.operations):
            raise TypeError(f"{self} may only create models")
        before = project_state.clone()
        vars(project_state).pop("apps", None)  # drawn up when next asked for
        for operation in self.operations:
            operation.state_forwards(self.app_label, project_state)
        for operation in self.operations:
            operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state
