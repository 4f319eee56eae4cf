"""Where requirements stand in a text that changes under them."""

from pilotline.desks.demand.models import Case, Requirement


def anchor_again(case: Case) -> None:
    """Find the words of each read requirement again in the changed answers.

    What was only offered and whose words are gone goes with them; what the applicant confirmed
    or dismissed stays, without a place.
    """
    for row in Requirement.objects.filter(case=case, start__isnull=False):
        text = str(case.answers.get(row.source) or "")
        if text[row.start : row.end] == row.words:
            continue
        at = text.find(row.words) if row.words else -1
        if at >= 0:
            row.start, row.end = at, at + len(row.words)
            row.save(update_fields=["start", "end"])
        elif row.state == Requirement.State.OFFERED:
            row.delete()
        else:
            row.start = row.end = None
            row.save(update_fields=["start", "end"])
