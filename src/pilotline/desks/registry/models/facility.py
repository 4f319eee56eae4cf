"""Facilities, the dated history of their tiers, and claims on facilities nobody operates yet."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class Facility(models.Model):
    """A place where things are piloted.

    `tier` and `tier_step` repeat the latest `TierStep`. `version` is drawn from the sequence
    `registry_version` whenever the facility or anything below it changes. `is_public_fact`
    marks what an official list says; such a facility may have no operator yet, and
    `source_operator` keeps the operator's name as the list has it.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        ARCHIVED = "archived"

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    operator = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    region = models.CharField(max_length=6, db_index=True)
    address = models.CharField(max_length=200, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    chain = models.CharField(max_length=40, blank=True)
    tier = models.CharField(max_length=40, blank=True)
    tier_step = models.CharField(max_length=40, blank=True)
    construction_model = models.CharField(max_length=40, blank=True)
    summary = models.TextField(max_length=4000, blank=True)
    summary_en = models.TextField(max_length=4000, blank=True)
    website = models.URLField(max_length=200, blank=True)
    contact = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    opened_year = models.PositiveSmallIntegerField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, db_index=True)
    source_url = models.URLField(max_length=500, blank=True)
    source_note = models.CharField(max_length=500, blank=True)
    source_operator = models.CharField(max_length=120, blank=True)
    is_public_fact = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    version = models.BigIntegerField(db_index=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "facilities"
        indexes = [
            GinIndex(fields=["fields"], name="facility_fields"),
            models.Index(fields=["operator"], name="facility_operator"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "region"],
                condition=~Q(status="archived"),
                name="one_facility_a_name_and_region",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="facility_place_whole_and_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(is_public_fact=True) | Q(operator__isnull=False),
                name="facility_operated_or_public_fact",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "archived"]),
                name="facility_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class TierStep(models.Model):
    """From this day on the facility stands at this tier. Steps are added, never rewritten."""

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="tier_steps")
    tier = models.CharField(max_length=40)
    step = models.CharField(max_length=40, blank=True)
    since = models.DateField()
    decided_by = models.CharField(max_length=120)
    note = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "tier", "step", "since"], name="one_tier_step_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.tier} {self.step} {self.since}"


class Claim(models.Model):
    """An organisation says: this facility of an official list is ours. An authority answers."""

    class Status(models.TextChoices):
        ASKED = "asked"
        CONFIRMED = "confirmed"
        REFUSED = "refused"
        ENDED = "ended"

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="claims")
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=500)
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "organisation"],
                condition=Q(status="asked"),
                name="one_open_claim_a_facility_and_organisation",
            ),
            models.UniqueConstraint(
                fields=["facility"],
                condition=Q(status="confirmed"),
                name="one_confirmed_claim_a_facility",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} claims {self.facility_id}: {self.status}"
