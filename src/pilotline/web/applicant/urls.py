from django.urls import path

from pilotline.web.applicant import shortlists, talks

app_name = "applicant"
urlpatterns = [
    path("cases/<int:case>/shortlist/", shortlists.shortlist, name="shortlist"),
    path("cases/<int:case>/shortlist/refresh/", shortlists.refresh, name="shortlist-refresh"),
    path("cases/<int:case>/ask/", shortlists.ask, name="ask"),
    path("talks/", talks.talk_list, name="talks"),
    path("talks/<int:match>/", talks.talk, name="talk"),
]
