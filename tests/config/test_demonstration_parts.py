"""The demonstration in two steps: the first pages, then what the worker brings."""

import os
from collections import Counter

import pytest
from django.conf import settings
from django.core.management import call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from pilotline.config.demonstration import folder
from pilotline.config.demonstration.cases import FATES, plots
from pilotline.config.demonstration.material import Material
from pilotline.config.demonstration.parts import LATER
from pilotline.config.tasks import load_part
from pilotline.desks.journal.queries import history
from pilotline.desks.review.models import Expert
from tests.factories import NOW

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]


def test_what_comes_later_is_left_to_the_worker_and_comes_once():
    os.makedirs(settings.HOME, exist_ok=True)
    call_command("load_demonstration", facilities=1, cases=1, later=True, verbosity=0)
    waiting = ProcrastinateJob.objects.filter(queue_name="demonstration").order_by("id")
    assert [job.args["part"] for job in waiting] == list(LATER)
    assert not Expert.objects.exists()

    experts = waiting.get(args__part="experts")
    for _turn in range(2):  # a worker that died after its work does it again
        load_part(**experts.args)
    made = Expert.objects.count()
    assert made > 10
    assert history(kind="demonstration", id="experts").count() == 1
    assert not history(kind="demonstration", id="calls").exists()


def test_the_applicant_log_in_has_cases_in_every_state():
    own = [
        plot.fate
        for plot in plots(Material.read(folder()), count=300, seed=1, now=NOW)
        if plot.mine
    ]
    counted = Counter(own)
    assert set(counted) == set(FATES)
    assert counted.most_common(1) == [("agreed", counted["agreed"])]
    assert "agreed" in own[:3]
