"""Two officials decide at the same moment, over HTTP and in two database sessions: once."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from pilotline.desks.journal.models import Entry, Happening
from pilotline.desks.review.models import StepRun
from tests import factories
from tests.factories import CITY
from tests.factories_approvals import project, scene
from tests.factories_review import open_run


@pytest.mark.django_db(transaction=True)
def test_a_step_is_decided_once(rulebook: Any) -> None:
    run = open_run(project(scene()).proceeding, step="safety")
    clients = []
    for _each in range(2):
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(factories.person("authority", region=CITY))
        clients.append(client)
    start, answers = Barrier(2), dict[str, Any]()

    def decide(client: Client, outcome: str) -> None:
        start.wait()
        given = {"outcome": outcome, "reasons": "said"}
        try:
            answers[outcome] = client.post(f"/shared/steps/{run.pk}/finish/", given)
        finally:
            connection.close()

    threads = [
        Thread(target=decide, args=pair) for pair in zip(clients, ("pass", "object"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answer.status_code for answer in answers.values()) == [302, 409]
    late = next(a for a in answers.values() if a.status_code == 409)
    text = late.content.decode()
    with translation.override("zh-hans"):
        assert gettext("This step has been decided meanwhile: look at what was said.") in text
    won = next(outcome for outcome, a in answers.items() if a.status_code == 302)
    found = StepRun.objects.get(pk=run.pk)
    assert (found.state, found.outcome) == ("done", won)
    told = Entry.objects.filter(action="review.finish", after__step="safety")
    assert told.count() == 1
    assert Happening.objects.filter(name="StepEnded", payload__run=run.pk).count() == 1
