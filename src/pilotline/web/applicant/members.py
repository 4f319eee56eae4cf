"""Members of an organisation: invite by a one-time link, join, remove, name owners."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from pilotline.desks.people import queries, services
from pilotline.kernel.errors import Refused


@require_POST
def invite(request: HttpRequest, organisation: int) -> HttpResponse:
    """Make an invitation and show its link, this once."""
    try:
        invitation, code = services.invite_member(
            who=request.who,
            organisation=organisation,
            is_owner=request.POST.get("is_owner") == "on",
            now=timezone.now(),
        )
    except Refused as refused:
        return _refused(request, organisation, refused)
    link = request.build_absolute_uri(reverse("applicant:join", args=[code]))
    return render(
        request,
        "applicant/invitation.html",
        {
            "organisation": queries.organisation(who=request.who, id=organisation),
            "invitation": invitation,
            "link": link,
        },
    )


@require_POST
def withdraw(request: HttpRequest, organisation: int, invitation: int) -> HttpResponse:
    services.withdraw_invitation(
        who=request.who, organisation=organisation, invitation=invitation, now=timezone.now()
    )
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("applicant:organisation", organisation)


def join(request: HttpRequest, code: str) -> HttpResponse:
    """Follow an invitation: see whose it is, then join."""
    now = timezone.now()
    invitation = queries.invitation(code=code, now=now)
    if request.method == "POST":
        services.accept_invitation(who=request.who, code=code, now=now)
        messages.success(request, _("You belong to the organisation now."))
        return redirect("applicant:organisation", invitation.organisation_id)
    return render(request, "applicant/join.html", {"invitation": invitation})


@require_POST
def remove(request: HttpRequest, organisation: int, user: int) -> HttpResponse:
    """Remove a member, or leave."""
    try:
        services.remove_member(
            who=request.who, organisation=organisation, user=user, now=timezone.now()
        )
    except Refused as refused:
        return _refused(request, organisation, refused)
    if user == request.who.id:
        messages.success(request, _("You have left the organisation."))
        return redirect("applicant:organisations")
    messages.success(request, _("Removed."))
    return redirect("applicant:organisation", organisation)


@require_POST
def own(request: HttpRequest, organisation: int, user: int) -> HttpResponse:
    """Make a member an owner, or an owner a plain member."""
    try:
        services.set_owner(
            who=request.who,
            organisation=organisation,
            user=user,
            is_owner=request.POST.get("is_owner") == "on",
            now=timezone.now(),
        )
    except Refused as refused:
        return _refused(request, organisation, refused)
    messages.success(request, _("Saved."))
    return redirect("applicant:organisation", organisation)


def _refused(request: HttpRequest, organisation: int, refused: Refused) -> HttpResponse:
    for problem in refused.problems:
        messages.error(request, str(problem.text))
    return redirect("applicant:organisation", organisation)
