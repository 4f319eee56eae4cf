from django.urls import path

from pilotline.gateways.identity import views

urlpatterns = [
    path("let-in/", views.ask, name="account_let_in"),
    path("let-in/<str:key>/", views.arrive, name="account_let_in_here"),
]
