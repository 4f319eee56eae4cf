from django.urls import path

from pilotline.web.shared import (
    bills,
    inbox,
    language,
    notices,
    orders,
    papers,
    proceedings,
    projects,
    quotations,
)

app_name = "shared"
urlpatterns = [
    path("language/", language.choose, name="language"),
    path("files/<int:id>/", papers.attachment, name="attachment"),
    path("certificates/<int:id>/", papers.paper, name="paper"),
    path("papers/<int:id>/", papers.application_paper, name="application-paper"),
    path("receipts/<int:case>/", papers.receipt, name="receipt"),
    path("receipts/<int:case>/pdf/", papers.receipt_pdf, name="receipt-pdf"),
    path("orders/<int:id>/pdf/", orders.order_paper, {"form": "pdf"}, name="order-pdf"),
    path("orders/<int:id>/docx/", orders.order_paper, {"form": "docx"}, name="order-docx"),
    path("bills/<int:id>/pdf/", bills.bill_paper, {"form": "pdf"}, name="bill-pdf"),
    path("bills/<int:id>/docx/", bills.bill_paper, {"form": "docx"}, name="bill-docx"),
    path("bills/<int:id>/xlsx/", bills.bill_paper, {"form": "xlsx"}, name="bill-xlsx"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/bulk/", inbox.bulk, name="inbox-bulk"),
    path("proceedings/<int:id>/", proceedings.proceeding, name="proceeding"),
    path("proceedings/<int:id>/bpmn/", proceedings.bpmn, name="proceeding-bpmn"),
    path("proceedings/<int:id>/withdraw/", proceedings.withdraw, name="proceeding-withdraw"),
    path("steps/<int:run>/<str:move>/", proceedings.move, name="step"),
    path("urges/<int:urge>/answer/", proceedings.answer_urge, name="urge-answer"),
    path("conditions/<int:id>/", projects.condition, name="condition"),
    path("projects/<int:id>/start/", projects.start, name="project-start"),
    path("permits/<int:id>/", projects.permit, name="permit"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/<int:id>/", notices.notice, name="notice"),
    path("notices/read/", notices.read_all, name="notices-read"),
    path("quotations/<int:id>/", quotations.quotation, name="quotation"),
    path("quotations/<int:id>/pdf/", quotations.quotation_pdf, name="quotation-pdf"),
    path("quotations/<int:id>/<str:move>/", quotations.decide, name="quotation-decide"),
]
