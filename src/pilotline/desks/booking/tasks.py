"""What the worker does for booking: holds end by themselves, plans that were asked for are made."""

from django.utils import timezone
from procrastinate.contrib.django import app

from pilotline.desks.booking import services
from pilotline.desks.booking.services import quotations, tariff_lists, tariffs


@app.periodic(cron="* * * * *")
@app.task(queue="booking", queueing_lock="booking.sweep")
def sweep(timestamp: int) -> int:
    return services.sweep(now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queue="planning", queueing_lock="booking.plan")
def plan(timestamp: int) -> int:
    return services.work_out(now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queue="planning", queueing_lock="booking.joint_plans")
def joint_plans(timestamp: int) -> int:
    """Joint plans lapse, and are asked for, without anybody's hand."""
    return services.keep_joint_plans(now=timezone.now())


@app.periodic(cron="10 0,16 * * *")
@app.task(queue="booking", queueing_lock="booking.carry_prices")
def carry_prices(timestamp: int) -> int:
    """Tariffs begin by the day: the catalogue's prices follow."""
    return tariffs.carry_prices(now=timezone.now())


@app.periodic(cron="15 0,16 * * *")
@app.task(queue="booking", queueing_lock="booking.tell_of_ends")
def tell_of_ends(timestamp: int) -> int:
    """Quotations run out by the day."""
    return quotations.tell_of_ends(now=timezone.now())


@app.periodic(cron="25 3 * * *")
@app.task(queue="booking", queueing_lock="booking.forget_old_lists")
def forget_old_lists(timestamp: int) -> int:
    return tariff_lists.forget_old_lists(now=timezone.now())
