from django.urls import path

from pilotline.web.public import (
    about,
    calls,
    draws,
    facilities,
    home,
    needs,
    rules,
    search,
    technologies,
)

app_name = "public"
urlpatterns = [
    path("", home.home, name="home"),
    path("begin/", home.begin, name="begin"),
    path("search/", search.search, name="search"),
    path("facilities/", facilities.facilities, name="facilities"),
    path("facilities/<str:code>/", facilities.facility, name="facility"),
    path("facilities/<str:code>/prices/", facilities.price_list, name="prices"),
    path("needs/", needs.need_list, name="needs"),
    path("needs/<str:number>/", needs.need, name="need"),
    path("technologies/", technologies.technology_list, name="technologies"),
    path("technologies/<str:number>/", technologies.technology, name="technology"),
    path("receipt/<str:number>/", needs.receipt, name="receipt"),
    path("calls/", calls.call_list, name="calls"),
    path("calls/<int:call>/", calls.call_page, name="call"),
    path("calls/<int:call>/object/", calls.object_to, name="call-object"),
    path("calls/<int:call>/vote/", calls.vote, name="call-vote"),
    path("showcases/", calls.showcases, name="showcases"),
    path("products/", calls.products, name="products"),
    path("granted/<int:application>/", calls.granted, name="granted"),
    path("rules/", rules.rules, name="rulebook"),
    path("draws/", draws.draws, name="draws"),
    path("draws/<int:draw>/", draws.draw, name="draw"),
    path("draws/<int:draw>/draw.json", draws.draw_file, name="draw-file"),
    path("committees/", draws.committees, name="committees"),
    path("about/", about.about, name="about"),
]
