"""The closed sets: what code knows how to do. A rulebook chooses among these and adds none."""

FIELD_TYPES = (
    "text",
    "long_text",
    "phone",
    "email",
    "choice",
    "choices",
    "number",
    "money",
    "date",
    "flag",
    "files",
)

PREDICATES = ("is", "in", "at_least")

# What an answer is for: code asks a form for the answer with a role, never for a field id.
ROLES = (
    "title",
    "body",
    "indicators",
    "summary",
    "confidential",
    "field",
    "chain",
    "verification",
    "service",
    "scale",
    "city",
    "budget_low",
    "budget_high",
    "begin",
    "end",
    "keywords",
    "hazard",
    "contact_name",
    "contact_phone",
    "contact_email",
    "attachments",
    "release",
    "consent",
)

# What a desk works out about who applies and what is put forward.
FACTS = (
    "organisation_kind",
    "organisation_city",
    "organisation_confirmed",
    "years_registered",
    "facility_tier",
    "facility_published",
    "facility_field",
    "facility_quality",
    "facility_lines",
    "facility_equipment",
    "facility_measured",
    "facility_certificates",
    "years_at_tier",
    "technologies_accepted",
    "needs_accepted",
)

PROGRAM_KINDS = (
    "recognition",
    "improvement",
    "challenge",
    "joint_project",
    "showcase",
    "listing",
    "subsidy",
    "event",
)

FINAL_ACTIONS = (
    "grant_tier",
    "award",
    "grant_money",
    "publish",
    "enter_list",
    "start_plan",
    "start_project",
    "none",
)

CASE_KINDS = ("need", "technology")

# Numbers given out by the system; each needs its letters in the rulebook.
NUMBERED = (
    "need",
    "technology",
    "facility",
    "match",
    "project",
    "permit",
    "booking",
    "order",
    "bill",
    "credit",
    "dispute",
    "voucher",
    "quotation",
    "call",
    "application",
)

ATTRIBUTE_KINDS = ("range", "set", "level", "flag")

FITS = {
    "range": ("cover", "at_least", "at_most"),
    "set": ("superset",),
    "level": ("at_least",),
    "flag": ("at_least",),
}

# The attributes that every vocabulary has, for code keeps their values in places of their own: the
# processes of a resource, and the certificates of a facility.
FIXED_ATTRIBUTES = ("process", "certificate")

RESOURCE_KINDS = ("line", "equipment", "site", "process", "service", "skill")

ORGANISATION_DUTIES = ("apply", "operate", "advise")

MATCHING_PARTS = ("structured", "text", "distance", "price", "load")

TEXT_FIELDS = ("name", "services", "capabilities", "resources", "description", "field", "chain")

# What may filter a facility or line from a shortlist instead of lowering its score.
HARD_LIMITS = ("unmet_requirement", "service", "field", "city")

TARGET_MEASURES = ("facilities_at_tier",)

QUALITY_MEASURES = (
    "description",
    "contact",
    "address",
    "operator",
    "fields",
    "chain",
    "construction_model",
    "tier",
    "lines",
    "equipment",
    "measured_capabilities",
    "services",
    "prices",
    "certificates",
    "skills",
    "freshness",
)

# Kinds that a form field may offer as its list of choices.
OPTION_KINDS = (
    "fields",
    "cities",
    "chains",
    "verifications",
    "service_kinds",
    "scales",
    "organisation_kinds",
    "certificate_kinds",
)

# Units in which a tariff may charge, those of time from the smallest to the largest, and what a
# charge may be for. They are those of engines.pricing.
TIME_UNITS = ("hour", "half_day", "day", "week", "month")
COUNT_UNITS = ("sample", "sample_point", "batch", "run", "piece", "person_hour", "kg", "kg_day")
METER_UNITS = ("kwh", "m3", "tonne", "litre")
PRICE_UNITS = (*TIME_UNITS, *COUNT_UNITS, *METER_UNITS)
CHARGES = (
    "use",
    "set_up",
    "cleaning",
    "operator",
    "consumable",
    "utility",
    "storage",
    "service",
)
CAP_PERIODS = ("use", "day", "week", "month", "year")
TIER_RULES = ("whole", "slice")
TIER_SPANS = ("use", "all")
TAX_MODES = ("added", "included")
ROUNDINGS = ("half_up", "half_even", "up", "down")
# Who may do a step of a track beside the bodies of the rulebook.
TRACK_ROLES = ("system", "applicant", "operator")

BODY_ROLES = ("authority", "expert")

# What kind of subject a track serves.
TRACK_SUBJECTS = ("project", "filing", "call")

# What a step is for: desks react to these and never to the name of a step.
TRACK_ACTS = (
    "completeness",
    "envelope",
    "assessment",
    "readiness",
    "review",
    "meeting",
    "hearing",
    "decision",
    "recommend",
    "marks",
    "site_check",
    "public_notice",
    "vote",
    "publish",
    "contract",
    "milestone",
    "acceptance",
)

# What the envelope of a line is made of, and what filing asks.
ENVELOPE_PARTS = (
    "substances",
    "quantities",
    "temperature",
    "pressure",
    "hazard_class",
    "emissions",
    "experts",
)

# When a paper has to be there.
PAPER_NEEDS = ("always", "hazardous", "asked")
