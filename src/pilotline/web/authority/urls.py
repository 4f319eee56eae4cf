from django.urls import URLPattern

app_name = "authority"
urlpatterns: list[URLPattern] = []
