"""The printers that config connects to the desks' ports."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pilotline.gateways.documents.blocks import Paper


class PdfPrinter:
    """Prints what a desk froze. Knows no database: all it prints stands in `content`.

    What draws is loaded with the first paper: most processes never print one.
    """

    def receipt(
        self, *, content: dict[str, Any], digest: str, check_address: str, language: str
    ) -> bytes:
        """The receipt as PDF bytes; the same for the same arguments."""
        from pilotline.gateways.documents import receipts

        return receipts.receipt(
            content=content, digest=digest, check_address=check_address, language=language
        )

    def quotation(self, *, content: dict[str, Any], language: str) -> bytes:
        """The quotation as PDF bytes."""
        from pilotline.gateways.documents.quotation_paper import quotation_paper

        return _made(quotation_paper(content, language), "pdf")


class AgreementPapers:
    """Orders and bills as `pdf` or `docx`. What draws is loaded with the first paper."""

    def order(
        self,
        *,
        content: Mapping[str, Any],
        consents: list[Mapping[str, Any]],
        digest: str,
        language: str,
        form: str,
    ) -> bytes:
        from pilotline.gateways.documents.order_paper import order_paper

        return _made(order_paper(content, consents, digest, language), form)

    def bill(self, *, content: Mapping[str, Any], digest: str, language: str, form: str) -> bytes:
        from pilotline.gateways.documents.bill_paper import bill_paper

        return _made(bill_paper(content, digest, language), form)

    def statement(self, *, content: Mapping[str, Any], language: str, form: str) -> bytes:
        from pilotline.gateways.documents.statement_paper import statement_paper

        return _made(statement_paper(content, language), form)


def _made(paper: "Paper", form: str) -> bytes:
    if form == "docx":
        from pilotline.gateways.documents.as_docx import docx

        return docx(paper)
    from pilotline.gateways.documents.as_pdf import pdf

    return pdf(paper)
