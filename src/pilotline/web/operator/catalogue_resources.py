"""What a facility consists of: resources, what they can do, certificates."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry import queries, services
from pilotline.desks.registry.rules import read_statement, show_statement
from pilotline.kernel.errors import NotFound, Refused
from pilotline.web.operator.catalogue_forms import (
    CapabilityForm,
    CertificateForm,
    ResourceForm,
    initial_of,
)
from pilotline.web.shared import facility_view, values
from pilotline.web.shared.forms import apply_problems, render_form


def resource_new(request: HttpRequest, code: str) -> HttpResponse:
    found = queries.editable_facility(request.who, code)
    kind = request.GET.get("kind", "equipment")
    if kind not in facility_view.KIND_WORDS:
        raise NotFound
    form = ResourceForm(request.POST or None, kind=kind, lines=_lines(found))
    if form.is_valid():
        given = form.values(today=timezone.localdate())
        try:
            made = services.add_resource(
                who=request.who, facility=code, values=given, now=timezone.now()
            )
        except Refused as refused:
            _apply(form, refused)
        else:
            messages.success(request, _("Saved. Now say what it can do."))
            return redirect("operator:resource", code, made.pk)
    context = {"facility": found, "kind": facility_view.KIND_WORDS[kind]}
    return render_form(request, "operator/resource_edit.html", context, form)


def resource(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A resource's record, with its capabilities beside it."""
    found, resource = _resource(request, code, pk)
    form = ResourceForm(
        request.POST or None,
        kind=resource.kind,
        lines=_lines(found),
        initial=initial_of(resource),
    )
    if form.is_valid():
        given = form.values(today=timezone.localdate(), old=resource)
        try:
            services.update_resource(
                who=request.who, facility=code, resource=pk, values=given, now=timezone.now()
            )
        except Refused as refused:
            _apply(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("operator:resource", code, pk)
    return _resource_page(request, found, resource, form=form)


@require_POST
def retire(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    services.retire_resource(who=request.who, facility=code, resource=pk, now=timezone.now())
    messages.success(request, _("Taken out of use. Its history stays."))
    return redirect("operator:facility", code)


@require_POST
def set_capability(request: HttpRequest, code: str, pk: int = 0) -> HttpResponse:
    """State something of a resource, or (0) of the facility as a whole."""
    form = CapabilityForm(request.POST)
    if form.is_valid():
        try:
            services.set_capability(
                who=request.who,
                facility=code,
                resource=pk or None,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _("Saved."))
            return _back(code, pk)
    if not pk:
        return whole(request, code, form=form)
    found, resource = _resource(request, code, pk)
    return _resource_page(request, found, resource, capability=form)


@require_POST
def remove_capability(request: HttpRequest, code: str, capability: int) -> HttpResponse:
    services.remove_capability(
        who=request.who, facility=code, capability=capability, now=timezone.now()
    )
    messages.success(request, _("Removed. The history keeps what stood there."))
    text = request.POST.get("resource", "")
    return _back(code, int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0)


@require_safe
def read(request: HttpRequest) -> HttpResponse:
    """How a typed statement is understood, while it is typed."""
    attribute = request.GET.get("attribute", "")
    text = request.GET.get("written", "")[:200].strip()
    rulebook = current_rulebook()
    known = rulebook.attributes.get(attribute)
    context: dict[str, Any] = {}
    if known is not None and text:
        try:
            said = read_statement(rulebook, attribute, text)
        except Refused as refused:
            context["problem"] = refused.problems[0].text
        else:
            language = values.language()
            context["read"] = show_statement(
                known, said.low, said.high, list(said.values), language
            )
    return render(request, "operator/_read_as.html", context)


def whole(request: HttpRequest, code: str, form: CapabilityForm | None = None) -> HttpResponse:
    """What holds for the facility as a whole."""
    found = queries.editable_facility(request.who, code)
    context = {
        "facility": found,
        "name": facility_view.name_of(found),
        "stated": facility_view.shown(found).stated,
    }
    return render_form(request, "operator/whole.html", context, form or CapabilityForm())


def certificates(
    request: HttpRequest, code: str, *, wrong: dict[str, Any] | None = None
) -> HttpResponse:
    """The facility's certificates, and one more. `wrong`: files that were not taken, and whose."""
    found = queries.editable_facility(request.who, code)
    form = CertificateForm(None if wrong else request.POST or None)
    if form.is_valid():
        try:
            services.add_certificate(
                who=request.who, facility=code, values=form.cleaned_data, now=timezone.now()
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("operator:certificates", code)
    context = {
        "facility": found,
        "name": facility_view.name_of(found),
        "held": queries.certificates(request.who, code),
        "uploads": current_rulebook().uploads,
        "wrong": wrong,
    }
    if wrong:
        return render(request, "operator/certificates.html", context | {"form": form}, status=422)
    return render_form(request, "operator/certificates.html", context, form)


@require_POST
def remove_certificate(request: HttpRequest, code: str, certificate: int) -> HttpResponse:
    services.remove_certificate(
        who=request.who, facility=code, certificate=certificate, now=timezone.now()
    )
    messages.success(request, _("Removed. The history keeps what stood there."))
    return redirect("operator:certificates", code)


def _resource_page(
    request: HttpRequest,
    found: Any,
    resource: Any,
    *,
    form: ResourceForm | None = None,
    capability: CapabilityForm | None = None,
) -> HttpResponse:
    item = next(i for i in facility_view.items_of(found) if i.resource.pk == resource.pk)
    form = form or ResourceForm(
        kind=resource.kind, lines=_lines(found), initial=initial_of(resource)
    )
    context = {
        "facility": found,
        "resource": resource,
        "item": item,
        "kind": facility_view.KIND_WORDS[resource.kind],
        "capability": capability or CapabilityForm(),
    }
    wrong = capability if capability is not None else form
    if wrong is not form:
        context["form"] = form
    return render_form(request, "operator/resource_edit.html", context, wrong)


def _resource(request: HttpRequest, code: str, pk: int) -> tuple[Any, Any]:
    found = queries.editable_facility(request.who, code)
    resource = next((r for r in found.active if r.pk == pk), None)
    if resource is None:
        raise NotFound
    return found, resource


def _lines(found: Any) -> list[tuple[str, str]]:
    return [(str(r.pk), r.name) for r in found.active if r.kind == "line"]


def _apply(form: ResourceForm, refused: Refused) -> None:
    """Problems of the details lie together in the record; they belong to the first detail."""
    first = next((name for name in form.fields if name.startswith("fact_")), "")
    problems = [
        type(p)(p.code, p.text, first if p.field == "facts" else p.field) for p in refused.problems
    ]
    apply_problems(form, problems)


def _back(code: str, pk: int) -> HttpResponse:
    return redirect("operator:resource", code, pk) if pk else redirect("operator:whole", code)
