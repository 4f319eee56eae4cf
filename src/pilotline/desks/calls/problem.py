"""From marked applications to the list: rows to candidates, decisions back to rows."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from pilotline.desks.calls.models import Application
from pilotline.engines.scoring.selection import Candidate, Decision, Rule, select
from pilotline.rulebook.program import Program

FULL = Decimal(100)
THOUSANDTH = Decimal("0.001")


def decide(
    applications: Iterable[Application], program: Program, votes: Mapping[int, int]
) -> list[tuple[Application, Decision]]:
    """A decision for each application, best first; sets `votes` and `total` on the rows."""
    rows = sorted(applications, key=lambda a: (a.accepted_at, a.pk))
    most = max((votes.get(a.pk, 0) for a in rows), default=0)
    for row in rows:
        row.votes = votes.get(row.pk, 0) if program.vote else None
        row.total = _total(row, program, most)
    candidates = [Candidate(a.pk, a.total, n, a.asked) for n, a in enumerate(rows)]
    chosen = program.selection
    rule = Rule(chosen.minimum, chosen.quota, chosen.budget, chosen.most, chosen.ties)
    by_id = {row.pk: row for row in rows}
    return [(by_id[d.id], d) for d in select(candidates, rule)]


def _total(row: Application, program: Program, most: int) -> Decimal | None:
    """Marks and votes by the program's weight; the most voted for has the vote's full points."""
    if row.points is None or program.vote is None:
        return row.points
    share = Decimal(row.votes or 0) / most if most else Decimal(0)
    weight = program.vote.weight
    return (row.points * (1 - weight) + FULL * share * weight).quantize(THOUSANDTH)
