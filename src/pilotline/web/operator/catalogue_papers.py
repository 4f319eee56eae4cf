"""Files of certificates: attach, show to everybody or hide, remove."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pilotline.desks.registry import services
from pilotline.kernel.errors import Refused
from pilotline.web.operator.catalogue_resources import certificates


@require_POST
def attach(request: HttpRequest, code: str, certificate: int) -> HttpResponse:
    """Take the files that were sent; what is not taken is said by name, the others are kept."""
    sent = request.FILES.getlist("files")
    wrong = [] if sent else [_("Choose a file first.")]
    for file in sent:
        try:
            services.attach_paper(
                who=request.who,
                facility=code,
                certificate=certificate,
                name=file.name,
                size=file.size,
                content=file,
                is_public="public" in request.POST,
                now=timezone.now(),
            )
        except Refused as refused:
            wrong += [
                _("%(file)s: %(text)s") % {"file": file.name, "text": problem.text}
                for problem in refused.problems
            ]
    if wrong:
        return certificates(request, code, wrong={"certificate": certificate, "problems": wrong})
    messages.success(request, _("Attached."))
    return redirect("operator:certificates", code)


@require_POST
def show(request: HttpRequest, code: str, paper: int) -> HttpResponse:
    services.show_paper(
        who=request.who,
        facility=code,
        paper=paper,
        is_public=request.POST.get("public") == "yes",
        now=timezone.now(),
    )
    messages.success(request, _("Saved."))
    return redirect("operator:certificates", code)


@require_POST
def remove(request: HttpRequest, code: str, paper: int) -> HttpResponse:
    services.remove_paper(who=request.who, facility=code, paper=paper, now=timezone.now())
    messages.success(request, _("Removed. The history keeps what stood there."))
    return redirect("operator:certificates", code)
