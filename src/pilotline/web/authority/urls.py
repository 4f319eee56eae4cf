from django.urls import path

from pilotline.web.authority import gaps, overview, talks

app_name = "authority"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("gaps/", gaps.gap_list, name="gaps"),
    path("talks/", talks.talk_list, name="talks"),
    path("talks/<int:match>/", talks.talk, name="talk"),
    path("cases/<int:case>/shortlist/", talks.shortlist, name="shortlist"),
]
