from django.urls import path

from pilotline.web.operator import talks

app_name = "operator"
urlpatterns = [
    path("talks/", talks.talk_list, name="talks"),
    path("talks/<int:match>/", talks.talk, name="talk"),
    path("fitting/", talks.fitting_needs, name="fitting"),
    path("cases/<int:case>/offer/", talks.offer, name="offer"),
]
