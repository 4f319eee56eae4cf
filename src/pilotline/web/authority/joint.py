"""Plans over several operators, as an authority asks for them and follows them."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from pilotline.web.shared import joint


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    return joint.joint_list(request, "authority")


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    return joint.joint_ask(request, "authority")


@require_safe
def plan(request: HttpRequest, plan: int) -> HttpResponse:
    return joint.joint_page(request, plan, "authority")
