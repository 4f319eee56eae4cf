from django.urls import path

from pilotline.web.operator import (
    catalogue,
    catalogue_import,
    catalogue_papers,
    catalogue_resources,
    lines,
    plans,
    quotations,
    readiness,
    settlement,
    shares,
    talks,
    tariffs,
)

app_name = "operator"
urlpatterns = [
    path("orders/", settlement.order_list, name="orders"),
    path("orders/<int:id>/", settlement.order, name="order"),
    path("orders/<int:id>/edit/", settlement.order_edit, name="order-edit"),
    path("talks/<int:match>/order/", settlement.order_draft, name="order-draft"),
    path("bills/", settlement.bill_list, name="bills"),
    path("bills/<int:id>/", settlement.bill, name="bill"),
    path("disputes/", settlement.dispute_list, name="disputes"),
    path("disputes/<int:id>/", settlement.dispute, name="dispute"),
    path("ledger/", settlement.ledger, name="ledger"),
    path("shares/", shares.shares, name="shares"),
    path("shares/statements/", shares.statements, name="statements"),
    path("facilities/<str:code>/shares/", shares.rule, name="share-rule"),
    path("permits/", lines.permits, name="permits"),
    path("envelopes/", lines.envelopes, name="envelopes"),
    path("talks/", talks.talk_list, name="talks"),
    path("talks/<int:match>/", talks.talk, name="talk"),
    path("fitting/", talks.fitting_needs, name="fitting"),
    path("cases/<int:case>/offer/", talks.offer, name="offer"),
    path("facilities/<str:code>/readiness/", readiness.readiness, name="readiness"),
    path("facilities/<str:code>/readiness/plan/", readiness.plan, name="readiness-plan"),
    path("plans/", plans.plans, name="plans"),
    path("plans/<int:plan>/", plans.plan, name="plan"),
    path("plans/<int:plan>/accept/", plans.accept, name="plan-accept"),
    path("plans/ask/", plans.ask, name="plan-ask"),
    path("facilities/", catalogue.facilities, name="facilities"),
    path("facilities/new/", catalogue.facility_new, name="facility-new"),
    path("facilities/export/", catalogue_import.export, name="export"),
    path("facilities/import/", catalogue_import.import_list, name="import"),
    path("facilities/import/<int:pk>/", catalogue_import.import_plan, name="import-plan"),
    path("facilities/import/<int:pk>/apply/", catalogue_import.import_apply, name="import-apply"),
    path(
        "facilities/import/<int:pk>/marked/", catalogue_import.import_marked, name="import-marked"
    ),
    path("facilities/read/", catalogue_resources.read, name="capability-read"),
    path("facilities/<str:code>/", catalogue.facility, name="facility"),
    path("facilities/<str:code>/edit/", catalogue.facility_edit, name="facility-edit"),
    path("facilities/<str:code>/publish/", catalogue.publish, name="facility-publish"),
    path("facilities/<str:code>/archive/", catalogue.archive, name="facility-archive"),
    path("facilities/<str:code>/claim/", catalogue.claim, name="facility-claim"),
    path("facilities/<str:code>/whole/", catalogue_resources.whole, name="whole"),
    path(
        "facilities/<str:code>/whole/state/",
        catalogue_resources.set_capability,
        name="capability-whole",
    ),
    path(
        "facilities/<str:code>/capabilities/<int:capability>/remove/",
        catalogue_resources.remove_capability,
        name="capability-remove",
    ),
    path(
        "facilities/<str:code>/certificates/", catalogue_resources.certificates, name="certificates"
    ),
    path(
        "facilities/<str:code>/certificates/<int:certificate>/remove/",
        catalogue_resources.remove_certificate,
        name="certificate-remove",
    ),
    path(
        "facilities/<str:code>/certificates/<int:certificate>/files/",
        catalogue_papers.attach,
        name="paper-attach",
    ),
    path(
        "facilities/<str:code>/papers/<int:paper>/show/", catalogue_papers.show, name="paper-show"
    ),
    path(
        "facilities/<str:code>/papers/<int:paper>/remove/",
        catalogue_papers.remove,
        name="paper-remove",
    ),
    path(
        "facilities/<str:code>/resources/new/",
        catalogue_resources.resource_new,
        name="resource-new",
    ),
    path(
        "facilities/<str:code>/resources/<int:pk>/", catalogue_resources.resource, name="resource"
    ),
    path(
        "facilities/<str:code>/resources/<int:pk>/retire/",
        catalogue_resources.retire,
        name="resource-retire",
    ),
    path(
        "facilities/<str:code>/resources/<int:pk>/state/",
        catalogue_resources.set_capability,
        name="capability-set",
    ),
    path("quotations/", quotations.quotation_list, name="quotations"),
    path("facilities/<str:code>/prices/", tariffs.price_list, name="prices"),
    path("facilities/<str:code>/prices/<int:pk>/", tariffs.tariff, name="tariff"),
    path("facilities/<str:code>/prices/<int:pk>/sample/", tariffs.sample, name="tariff-sample"),
    path("facilities/<str:code>/prices/<int:pk>/cost/", tariffs.cost, name="cost"),
]
