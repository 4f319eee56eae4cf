from django.urls import path

from pilotline.web.shared import language, notices, papers

app_name = "shared"
urlpatterns = [
    path("language/", language.choose, name="language"),
    path("files/<int:id>/", papers.attachment, name="attachment"),
    path("certificates/<int:id>/", papers.paper, name="paper"),
    path("papers/<int:id>/", papers.application_paper, name="application-paper"),
    path("receipts/<int:case>/", papers.receipt, name="receipt"),
    path("receipts/<int:case>/pdf/", papers.receipt_pdf, name="receipt-pdf"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/<int:id>/", notices.notice, name="notice"),
    path("notices/read/", notices.read_all, name="notices-read"),
]
