"""A schematic map: one tile a city, placed by the rulebook, shaded by a number.

Not a geographic map on purpose: borders would need a map approval, and tiles of one size let
small cities be read as well as large ones.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pilotline.rulebook import Rulebook

WIDTH, HEIGHT, GAP = 84, 60, 4
LEVELS = 4


@dataclass(frozen=True, slots=True)
class Tile:
    """One city: where its tile stands (in units of the drawing), its words, number and shade."""

    code: str
    name: str
    x: int
    y: int
    count: int
    level: int
    url: str
    is_chosen: bool

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2

    @property
    def name_y(self) -> int:
        return self.y + 26

    @property
    def count_y(self) -> int:
        return self.y + 47


@dataclass(frozen=True, slots=True)
class TileMap:
    """The whole drawing; tiles from the north-west, row by row, as one reads them."""

    tiles: tuple[Tile, ...]
    width: int
    height: int
    tile_width: int = WIDTH
    tile_height: int = HEIGHT

    @property
    def ranked(self) -> list[Tile]:
        """Most first, for the list beside the map."""
        return sorted(self.tiles, key=lambda tile: -tile.count)


def tile_map(
    rulebook: Rulebook,
    counts: Mapping[str, int],
    *,
    language: str,
    link: Callable[[str], str],
    chosen: str = "",
) -> TileMap:
    """Tiles for every city of the rulebook; `link` gives the address for a city's code."""
    most = max([counts.get(city.id, 0) for city in rulebook.cities], default=0)
    tiles = [
        Tile(
            code=city.id,
            name=city.short.say(language),
            x=city.column * (WIDTH + GAP),
            y=city.row * (HEIGHT + GAP),
            count=counts.get(city.id, 0),
            level=_level(counts.get(city.id, 0), most),
            url=link(city.id),
            is_chosen=city.id == chosen,
        )
        for city in sorted(rulebook.cities, key=lambda city: (city.row, city.column))
    ]
    return TileMap(
        tiles=tuple(tiles),
        width=max([tile.x for tile in tiles], default=0) + WIDTH,
        height=max([tile.y for tile in tiles], default=0) + HEIGHT,
    )


def _level(count: int, most: int) -> int:
    """0 for none, then 1 to LEVELS in equal steps up to the highest number."""
    return 0 if not count else max(1, -(-count * LEVELS // most))
