from django.urls import path

from pilotline.web.applicant import (
    account,
    applications,
    cases,
    cases_edit,
    cases_files,
    cases_requirements,
    members,
    organisations,
    shortlists,
    talks,
)

app_name = "applicant"
urlpatterns = [
    path("cases/", cases.case_list, name="cases"),
    path("cases/<int:case>/", cases.case_page, name="case"),
    path("cases/<int:case>/edit/", cases_edit.edit, name="case-edit"),
    path("cases/<int:case>/received/", cases.received, name="received"),
    path("cases/<int:case>/withdraw/", cases.withdraw, name="case-withdraw"),
    path("cases/<int:case>/requirements/", cases_requirements.change, name="case-requirements"),
    path("cases/<int:case>/aside/<int:aside>/", cases_edit.aside, name="case-aside"),
    path("cases/<int:case>/files/", cases_files.attach, name="case-files"),
    path("cases/<int:case>/files/<int:id>/remove/", cases_files.detach, name="case-file-remove"),
    path("needs/new/", cases_edit.start, {"kind": "need"}, name="need-new"),
    path("technologies/new/", cases_edit.start, {"kind": "technology"}, name="technology-new"),
    path("cases/<int:case>/shortlist/", shortlists.shortlist, name="shortlist"),
    path("cases/<int:case>/shortlist/refresh/", shortlists.refresh, name="shortlist-refresh"),
    path("cases/<int:case>/ask/", shortlists.ask, name="ask"),
    path("talks/", talks.talk_list, name="talks"),
    path("talks/<int:match>/", talks.talk, name="talk"),
    path("profile/", account.profile, name="profile"),
    path("tokens/", account.tokens, name="tokens"),
    path("tokens/new/", account.make_token, name="token-make"),
    path("tokens/<int:token>/revoke/", account.revoke_token, name="token-revoke"),
    path("applications/", applications.application_list, name="applications"),
    path("calls/<int:call>/apply/", applications.apply, name="apply"),
    path("applications/<int:application>/", applications.application, name="application"),
    path("applications/<int:application>/papers/", applications.papers, name="application-papers"),
    path(
        "applications/<int:application>/milestones/<int:milestone>/",
        applications.milestone,
        name="application-milestone",
    ),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/new/", organisations.register, name="organisation-register"),
    path("organisations/<int:organisation>/", organisations.organisation, name="organisation"),
    path("organisations/<int:organisation>/amend/", organisations.amend, name="organisation-amend"),
    path("organisations/<int:organisation>/invite/", members.invite, name="invite"),
    path(
        "organisations/<int:organisation>/invitations/<int:invitation>/withdraw/",
        members.withdraw,
        name="invitation-withdraw",
    ),
    path(
        "organisations/<int:organisation>/members/<int:user>/remove/",
        members.remove,
        name="member-remove",
    ),
    path(
        "organisations/<int:organisation>/members/<int:user>/own/", members.own, name="member-own"
    ),
    path("join/<str:code>/", members.join, name="join"),
]
