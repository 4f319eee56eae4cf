from django.urls import path

from pilotline.web.public import about, home, rules, search

app_name = "public"
urlpatterns = [
    path("", home.home, name="home"),
    path("begin/", home.begin, name="begin"),
    path("search/", search.search, name="search"),
    path("rules/", rules.rules, name="rulebook"),
    path("about/", about.about, name="about"),
]
