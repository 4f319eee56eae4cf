"""The printer that config connects to the desks' ports."""

from typing import Any


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
