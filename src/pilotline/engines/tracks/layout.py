"""A layered picture of boxes and lines: what comes later stands further right.

Layers by longest path, long lines led through small places of their own, places in a layer
ordered by where their neighbours stand (Sugiyama, Tagawa, Toda 1981). All lengths in one unit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

GAP_X, GAP_Y, MARGIN, LANE = 44.0, 16.0, 12.0, 8.0
SWEEPS = 4


class Box(NamedTuple):
    """A node's place: its upper left corner and its size."""

    x: float
    y: float
    width: float
    height: float


Point = tuple[float, float]
Edge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by node and a line (two points and more) for each edge, in the order given."""

    boxes: Mapping[str, Box]
    lines: tuple[tuple[Point, ...], ...]
    width: float
    height: float


def layered(
    sizes: Mapping[str, tuple[float, float]], edges: Sequence[Edge], back: Sequence[Edge] = ()
) -> Layout:
    """Lay out nodes of these sizes. `edges` go forward and have no circle; `back` lead back and
    are drawn below. The lines of `back` follow those of `edges`."""
    depth = _depths(list(sizes), edges)
    layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for node in sizes:
        layers[depth[node]].append(node)
    chains = [_chain(number, edge, depth, layers) for number, edge in enumerate(edges)]
    links = [pair for chain in chains for pair in pairwise(chain)]
    _order(layers, links)
    boxes = _place(layers, sizes)
    lines = [_line(chain, boxes) for chain in chains]
    below = max((box.y + box.height for box in boxes.values()), default=0) + GAP_Y
    lines += [_loop(edge, boxes, below + at * LANE) for at, edge in enumerate(back)]
    width = max((box.x + box.width for box in boxes.values()), default=0) + MARGIN
    height = below + (len(back) * LANE if back else -GAP_Y) + MARGIN
    kept = {node: boxes[node] for node in sizes}
    return Layout(kept, tuple(lines), width, height)


def _depths(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    before: dict[str, list[str]] = {node: [] for node in nodes}
    for start, end in edges:
        before[end].append(start)
    depth: dict[str, int] = {}

    def of(node: str) -> int:
        if node not in depth:
            depth[node] = 1 + max((of(other) for other in before[node]), default=-1)
        return depth[node]

    for node in nodes:
        of(node)
    return depth


def _chain(number: int, edge: Edge, depth: Mapping[str, int], layers: list[list[str]]) -> list[str]:
    """The edge's nodes, with a small place in every layer that it passes."""
    start, end = edge
    passed = []
    for layer in range(depth[start] + 1, depth[end]):
        name = f"\x00{number}:{layer}"
        layers[layer].append(name)
        passed.append(name)
    return [start, *passed, end]


def _order(layers: list[list[str]], links: Sequence[Edge]) -> None:
    """Order each layer by the mean place of its neighbours, forth and back some times."""
    left: dict[str, list[str]] = {}
    right: dict[str, list[str]] = {}
    for start, end in links:
        left.setdefault(end, []).append(start)
        right.setdefault(start, []).append(end)
    for sweep in range(SWEEPS):
        forth = sweep % 2 == 0
        near = left if forth else right
        for layer in layers if forth else reversed(layers):
            place = {node: at for its in layers for at, node in enumerate(its)}
            middle = {
                node: sum(place[o] for o in near[node]) / len(near[node])
                if near.get(node)
                else place[node]
                for node in layer
            }
            layer.sort(key=lambda node: (middle[node], place[node]))


def _place(
    layers: Sequence[Sequence[str]], sizes: Mapping[str, tuple[float, float]]
) -> dict[str, Box]:
    """Stack each layer, all layers centred on one line."""
    heights = [
        sum(sizes.get(node, (0, LANE))[1] for node in layer) + GAP_Y * (len(layer) - 1)
        for layer in layers
    ]
    middle = max(heights, default=0) / 2 + MARGIN
    boxes: dict[str, Box] = {}
    x = MARGIN
    for layer, height in zip(layers, heights, strict=True):
        widest = max((sizes.get(node, (0, 0))[0] for node in layer), default=0)
        y = middle - height / 2
        for node in layer:
            width, tall = sizes.get(node, (widest, LANE))
            boxes[node] = Box(x + (widest - width) / 2, y, width, tall)
            y += tall + GAP_Y
        x += widest + GAP_X
    return boxes


def _line(chain: Sequence[str], boxes: Mapping[str, Box]) -> tuple[Point, ...]:
    """From the right of the first box to the left of the last, square to the axes."""
    points: list[Point] = []
    for start, end in pairwise(chain):
        a, b = boxes[start], boxes[end]
        x0, y0, x1, y1 = a.x + a.width, a.y + a.height / 2, b.x, b.y + b.height / 2
        turn = x1 - GAP_X / 2
        found = [(x0, y0), (x1, y1)] if y0 == y1 else [(x0, y0), (turn, y0), (turn, y1), (x1, y1)]
        points += [point for point in found if not points or points[-1] != point]
    return tuple(points)


def _loop(edge: Edge, boxes: Mapping[str, Box], level: float) -> tuple[Point, ...]:
    a, b = boxes[edge[0]], boxes[edge[1]]
    x0, x1 = a.x + a.width / 2, b.x + b.width / 2
    return ((x0, a.y + a.height), (x0, level), (x1, level), (x1, b.y + b.height))
