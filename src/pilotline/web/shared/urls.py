from django.urls import path

from pilotline.web.shared import language, notices

app_name = "shared"
urlpatterns = [
    path("language/", language.choose, name="language"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/<int:id>/", notices.notice, name="notice"),
    path("notices/read/", notices.read_all, name="notices-read"),
]
