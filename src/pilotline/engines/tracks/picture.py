"""A track as a graph to be drawn: steps side by side above each other, later ones to the right."""

from pilotline.engines.tracks.layout import Layout, layered
from pilotline.engines.tracks.problem import Track

WIDTH, HEIGHT = 136.0, 54.0


def draw(track: Track) -> tuple[Layout, tuple[tuple[str, str], ...]]:
    """The layout of the steps, and the edge that each of its lines stands for."""
    known = {step.id for step in track.steps}
    edges = [(before, step.id) for step in track.steps for before in step.after]
    called = [(s.id, o.leads) for s in track.steps for o in s.outcomes if o.leads in known]
    back = [(leads, caller) for caller, leads in called]
    sizes = {step.id: (WIDTH, HEIGHT) for step in track.steps}
    return layered(sizes, [*edges, *called], back), (*edges, *called, *back)
