"""Every door and where it stands. Names are `door:page`; web/shared/access.py says who may."""

from django.urls import include, path

urlpatterns = [
    path("", include("pilotline.web.public.urls", namespace="public")),
    path("my/", include("pilotline.web.applicant.urls", namespace="applicant")),
    path("operator/", include("pilotline.web.operator.urls", namespace="operator")),
    path("expert/", include("pilotline.web.expert.urls", namespace="expert")),
    path("authority/", include("pilotline.web.authority.urls", namespace="authority")),
    path("shared/", include("pilotline.web.shared.urls", namespace="shared")),
    path("api/v1/", include("pilotline.web.api.urls")),
    path("accounts/", include("pilotline.gateways.identity.urls")),
    path("accounts/", include("allauth.urls")),
]

handler400 = "pilotline.web.shared.errors.bad_request"
handler403 = "pilotline.web.shared.errors.forbidden"
handler404 = "pilotline.web.shared.errors.not_found"
handler429 = "pilotline.web.shared.errors.too_many"
handler500 = "pilotline.web.shared.errors.server_error"
