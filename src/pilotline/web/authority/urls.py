from django.urls import path

from pilotline.web.authority import (
    applications,
    calls,
    cases,
    facilities,
    gaps,
    journal,
    organisations,
    outbox,
    overview,
    talks,
    users,
)

app_name = "authority"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/<int:case>/", cases.case_page, name="case"),
    path("gaps/", gaps.gap_list, name="gaps"),
    path("talks/", talks.talk_list, name="talks"),
    path("talks/<int:match>/", talks.talk, name="talk"),
    path("cases/<int:case>/shortlist/", talks.shortlist, name="shortlist"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/<int:organisation>/", organisations.organisation, name="organisation"),
    path(
        "organisations/<int:organisation>/confirm/",
        organisations.confirm,
        name="organisation-confirm",
    ),
    path(
        "organisations/<int:organisation>/refuse/", organisations.refuse, name="organisation-refuse"
    ),
    path(
        "organisations/<int:organisation>/revoke/", organisations.revoke, name="organisation-revoke"
    ),
    path("calls/", calls.call_list, name="calls"),
    path("calls/new/", calls.new, name="call-new"),
    path("calls/<int:call>/", calls.call, name="call"),
    path("calls/<int:call>/move/", calls.move, name="call-move"),
    path("calls/<int:call>/annex/<str:kind>/", calls.annex_table, name="call-annex"),
    path(
        "calls/<int:call>/objections/<int:objection>/",
        calls.answer_objection,
        name="objection-answer",
    ),
    path("applications/<int:application>/", applications.application, name="application"),
    path("applications/<int:application>/act/", applications.act, name="application-act"),
    path("journal/", journal.journal, name="journal"),
    path("journal/check/", journal.check, name="journal-check"),
    path("journal/<int:entry>/", journal.entry, name="entry"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/retry/", outbox.retry_all, name="retry-all"),
    path("outbox/<int:delivery>/", outbox.delivery, name="delivery"),
    path("outbox/<int:delivery>/retry/", outbox.retry, name="retry"),
    path("users/", users.users, name="users"),
    path("users/<int:user>/", users.user, name="user"),
    path("users/<int:user>/grant/", users.grant, name="user-grant"),
    path("users/<int:user>/revoke/", users.revoke, name="user-revoke"),
    path("users/<int:user>/close/", users.close, name="user-close"),
    path("users/<int:user>/open/", users.reopen, name="user-open"),
    path("facilities/", facilities.facilities, name="facilities"),
    path("facilities/export/", facilities.facility_export, name="facility-export"),
    path("facilities/import/", facilities.facility_import, name="facility-import"),
    path(
        "facilities/import/<int:pk>/",
        facilities.facility_import_plan,
        name="facility-import-plan",
    ),
    path(
        "facilities/import/<int:pk>/apply/",
        facilities.facility_import_apply,
        name="facility-import-apply",
    ),
    path(
        "facilities/import/<int:pk>/marked/",
        facilities.facility_import_marked,
        name="facility-import-marked",
    ),
    path("facilities/claims/", facilities.claims, name="claims"),
    path("facilities/claims/<int:pk>/", facilities.claim, name="claim"),
    path("facilities/<str:code>/", facilities.facility, name="facility"),
    path("facilities/<str:code>/edit/", facilities.facility_edit, name="facility-edit"),
    path("facilities/<str:code>/tier/", facilities.tier, name="tier"),
]
