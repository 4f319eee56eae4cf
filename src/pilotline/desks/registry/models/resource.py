"""What a facility consists of: lines, equipment, sites, processes, services, skills."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from pilotline.desks.registry.models.facility import Facility


class Resource(models.Model):
    """One thing a facility has. `line` is the line it belongs to; None: the whole facility.

    `processes` are value ids of the vocabulary's attribute `process`. `load` is the share of
    the coming 90 days already booked, in percent, as the operator stated it on
    `load_stated_on`. `facts` holds what is shown and never searched by number: model, maker,
    year, area, headcount, title.
    """

    class Kind(models.TextChoices):
        LINE = "line"
        EQUIPMENT = "equipment"
        SITE = "site"
        PROCESS = "process"
        SERVICE = "service"
        SKILL = "skill"

    class Status(models.TextChoices):
        ACTIVE = "active"
        RETIRED = "retired"

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="resources")
    kind = models.CharField(max_length=10, choices=Kind)
    line = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    description = models.TextField(max_length=4000, blank=True)
    processes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    service_kind = models.CharField(max_length=40, blank=True)
    verifications = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    price_unit = models.CharField(max_length=40, blank=True)
    price_note = models.CharField(max_length=300, blank=True)
    load = models.PositiveSmallIntegerField(null=True, blank=True)
    load_stated_on = models.DateField(null=True, blank=True)
    available_from = models.DateField(null=True, blank=True)
    quantity = models.PositiveIntegerField(default=1)
    facts = models.JSONField(default=dict, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["facility", "kind", "status"], name="resource_by_facility")]
        constraints = [
            models.UniqueConstraint(
                F("facility"),
                F("kind"),
                Coalesce("line", Value(0, output_field=models.BigIntegerField())),
                F("name"),
                Coalesce(KT("facts__model"), Value("", output_field=models.TextField())),
                condition=Q(status="active"),
                name="one_active_resource_a_name_and_model",
            ),
            models.CheckConstraint(
                condition=~Q(kind="line", line__isnull=False), name="a_line_has_no_line_above"
            ),
            models.CheckConstraint(
                condition=Q(load__isnull=True) | Q(load__lte=100), name="load_is_percent"
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=Decimal(0)),
                name="price_not_negative",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="at_least_one_piece"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def code(self) -> str:
        """Names it where its name does not: two of one facility may be called alike."""
        return f"R{self.pk}"
