"""An A4 sheet: foot with page numbers on every page, a mark across demonstration papers."""

from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from pilotline.gateways.documents.typeface import FACE
from pilotline.gateways.documents.words import word

MARGIN = 20 * mm
GREY, PALE = 0.4, 0.8


class Sheet(Canvas):
    """Draws the pages only when their number is known, so that each foot can tell it."""

    def __init__(self, *given: Any, language: str, foot: str, is_demo: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        self._language, self._foot, self._is_demo = language, foot, is_demo
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for page, state in enumerate(self._kept, start=1):
            self.__dict__.update(state)
            self._frame(page, len(self._kept))
            super().showPage()
        super().save()

    def _frame(self, page: int, pages: int) -> None:
        width, height = A4
        self.saveState()
        if self._is_demo:
            self._across(width, height)
        self.setFont(FACE, 8)
        self.setFillGray(GREY)
        self.setStrokeGray(PALE)
        self.line(MARGIN, 15 * mm, width - MARGIN, 15 * mm)
        self.drawString(MARGIN, 10.5 * mm, self._foot)
        counted = word("page", self._language, page=page, pages=pages)
        self.drawRightString(width - MARGIN, 10.5 * mm, counted)
        self.restoreState()

    def _across(self, width: float, height: float) -> None:
        self.saveState()
        # Seen through, or it would cover the words it lies on.
        self.setFillGray(GREY, alpha=0.1)
        self.translate(width / 2, height / 2)
        self.rotate(52)
        text = word("demo", self._language)
        self.setFont(FACE, 84 if self._language.startswith("zh") else 42)
        self.drawCentredString(0, 0, text)
        self.restoreState()
