"""The demonstration in two steps: the first pages, then what the worker brings."""

import os
from collections import Counter

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from pilotline.config.demonstration import folder
from pilotline.config.demonstration.cases import FATES, plots
from pilotline.config.demonstration.inbox import UNREAD
from pilotline.config.demonstration.material import Material
from pilotline.config.demonstration.parts import LATER
from pilotline.config.tasks import load_part, read_news
from pilotline.desks.journal.models import Delivery
from pilotline.desks.journal.queries import history
from pilotline.desks.notices.models import Notice
from pilotline.desks.review.models import Expert
from tests.factories import NOW

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]


def test_what_comes_later_is_left_to_the_worker_and_comes_once():
    os.makedirs(settings.HOME, exist_ok=True)
    call_command("load_demonstration", facilities=1, cases=1, later=True, verbosity=0)
    waiting = ProcrastinateJob.objects.filter(queue_name="demonstration").order_by("id")
    *parts, last = waiting
    assert [job.args["part"] for job in parts] == list(LATER)
    assert last.task_name == read_news.name
    assert not Expert.objects.exists()

    experts = waiting.get(args__part="experts")
    for _turn in range(2):  # a worker that died after its work does it again
        load_part(**experts.args)
    made = Expert.objects.count()
    assert made > 10
    assert history(kind="demonstration", id="experts").count() == 1
    assert not history(kind="demonstration", id="calls").exists()


def test_what_is_old_is_told_and_read_when_somebody_logs_in():
    os.makedirs(settings.HOME, exist_ok=True)
    call_command("load_demonstration", facilities=1, cases=8, later=True, verbosity=0)
    assert not Notice.objects.exists()
    job = ProcrastinateJob.objects.get(task_name=read_news.name)
    for _turn in range(2):
        read_news(**job.args)
    told = Notice.objects.filter(user__in=job.args["opened"]["logins"].values())
    assert told.exists()
    old = timezone.now() - UNREAD
    assert not told.filter(at__lte=old, read_at=None).exists()
    assert not told.filter(at__gt=old).exclude(read_at=None).exists()
    assert not Delivery.objects.filter(status="waiting").exists()


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
