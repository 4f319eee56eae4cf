from django.urls import path

from pilotline.web.shared import language

app_name = "shared"
urlpatterns = [
    path("language/", language.choose, name="language"),
]
