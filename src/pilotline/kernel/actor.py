"""Who asks. Every service and every guarded query takes one."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a token or the system itself, with all that rules need to know of it.

    `regions` holds the GB/T 2260 codes an authority answers for; the code that ends in `0000`
    is a province and covers every city below it.
    """

    id: int | None
    name: str
    roles: frozenset[str] = frozenset()
    organisations: frozenset[int] = frozenset()
    owned: frozenset[int] = frozenset()
    regions: frozenset[str] = frozenset()
    scopes: frozenset[str] | None = field(default=None)

    @property
    def is_known(self) -> bool:
        return self.id is not None or self.is_system

    @property
    def is_system(self) -> bool:
        """The machine itself; a person who keeps the system running has the role `sysop`."""
        return self.id is None and "system" in self.roles

    def has(self, role: str) -> bool:
        return role in self.roles

    def belongs_to(self, organisation: int | None) -> bool:
        return organisation is not None and organisation in self.organisations

    def answers_for(self, region: str) -> bool:
        """True when this actor is an authority of the region or of one that contains it."""
        if "authority" not in self.roles:
            return False
        return any(covers(mine, region) for mine in self.regions)


def significant(region: str) -> str:
    """The leading digits of a GB/T 2260 code that every region inside it shares.

    `990000` → `99`, `991000` → `9910`, `990102` → `990102`.
    """
    digits = region.rstrip("0")
    return digits + "0" * (len(digits) % 2)


def covers(outer: str, inner: str) -> bool:
    """True when the GB/T 2260 code `outer` is `inner` or contains it."""
    return bool(significant(outer)) and inner.startswith(significant(outer))


SYSTEM = Actor(id=None, name="system", roles=frozenset({"system"}))
NOBODY = Actor(id=None, name="")
