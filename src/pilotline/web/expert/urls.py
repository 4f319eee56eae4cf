from django.urls import path

from pilotline.web.expert import assignments, data

app_name = "expert"
urlpatterns = [
    path("", assignments.assignment_list, name="assignments"),
    path("assignments/<int:assignment>/", assignments.assignment, name="assignment"),
    path("assignments/<int:assignment>/answer/", assignments.answer, name="answer"),
    path("meetings/", assignments.meetings, name="meetings"),
    path("data/", data.data, name="data"),
    path("data/bonds/", data.bond_add, name="bond-add"),
    path("data/bonds/<int:bond>/end/", data.bond_end, name="bond-end"),
    path("data/leave/", data.leave, name="leave"),
    path("apply/", data.apply, name="apply"),
]
