"""Lists in and out of the operator's catalogue."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pilotline.desks.registry import queries, services
from pilotline.kernel.errors import NotFound
from pilotline.web.operator.catalogue import operating
from pilotline.web.shared import sheets, values
from pilotline.web.shared.forms import OneOfField, Section
from pilotline.web.shared.importing import ListForm, Wizard, steps

WIZARD = Wizard(
    door="operator",
    start="operator:import",
    plan="operator:import-plan",
    apply="operator:import-apply",
    marked="operator:import-marked",
    done="operator:facilities",
)
LISTS = ("facilities", "resources", "capabilities", "certificates")


class OwnListForm(ListForm):
    """For which organisation, and which facility is meant where a row names none."""

    def __init__(
        self,
        *args: object,
        organisations: list[tuple[str, str]],
        facilities: list[tuple[str, str]],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = OneOfField(
            label=gettext_lazy("Operating organisation"), choices=organisations
        )
        if len(organisations) == 1:
            self.fields["organisation"].widget = forms.HiddenInput()
            self.fields["organisation"].initial = organisations[0][0]
        asked = ("file", *(() if len(organisations) == 1 else ("organisation",)), "facility")
        self.sections = (Section(gettext_lazy("The list"), asked),)
        if facilities:
            listed = [("", gettext_lazy("every row names its facility")), *facilities]
            self.fields["facility"] = OneOfField(
                label=gettext_lazy("Facility of rows that name none"),
                choices=listed,
                widget=forms.Select(),
                required=False,
            )


def import_list(request: HttpRequest) -> HttpResponse:
    own = [(f.code, f.name) for f in queries.own_facilities(request.who)]
    form = OwnListForm(
        request.POST or None,
        request.FILES or None,
        organisations=operating(request.who),
        facilities=own,
        initial={"facility": request.GET.get("facility", "")},
    )

    def upload(name: str, content: bytes) -> services.Upload:
        return services.Upload(
            name=name,
            content=content,
            kind=services.CATALOGUE,
            organisation=int(form.cleaned_data["organisation"]),
            facility=form.cleaned_data.get("facility", ""),
        )

    files = queries.import_files(request.who, services.CATALOGUE)[:10]
    return WIZARD.receive(request, form, upload, {"steps": steps(1), "files": files})


@require_safe
def import_plan(request: HttpRequest, pk: int) -> HttpResponse:
    return WIZARD.show(request, pk)


@require_POST
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    return WIZARD.carry_out(request, pk)


@require_safe
def import_marked(request: HttpRequest, pk: int) -> HttpResponse:
    return WIZARD.give_back(request, pk)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """All my facilities as a workbook, or one of its lists as CSV."""
    mine = queries.own_facilities(request.who)
    if request.GET.get("facility"):
        mine = mine.filter(code=request.GET["facility"])
    name, wanted = _("My facilities"), request.GET.get("csv", "")
    if not wanted:
        return sheets.answer(name, queries.export_xlsx(mine, values.language()))
    if wanted not in LISTS:
        raise NotFound
    return sheets.answer_csv(name, queries.export_csv(mine, wanted, values.language()))
