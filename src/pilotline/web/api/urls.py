from django.urls import path

from pilotline.web.api import documentation
from pilotline.web.api.api import api

app_name = "api"
urlpatterns = [
    path("", documentation.page, name="documentation"),
    path("openapi.json", documentation.openapi, name="openapi"),
    *(pattern for pattern in api.urls[0] if pattern.name != "api-root"),
]
