"""A track as BPMN 2.0 with diagram interchange, for any standard viewer.

Steps become tasks; steps that several wait for come together in parallel gateways; a conditional
step lies behind an exclusive gateway with a way past it; outcomes that end the case, or call
another step, leave an exclusive gateway. What waits for the applicant stands in the task's
documentation, beside its clock: the clock stops, the place does not change.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree import ElementTree as Tree

from pilotline.engines.tracks.layout import layered
from pilotline.engines.tracks.problem import Track
from pilotline.engines.tracks.table import ON, WAIT, Step

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
TARGET = "urn:pilotline:tracks"
for prefix, space in (("bpmn", MODEL), ("bpmndi", DI), ("dc", DC), ("di", DD)):
    Tree.register_namespace(prefix, space)

SIZES = {
    "startEvent": (36.0, 36.0),
    "endEvent": (36.0, 36.0),
    "parallelGateway": (50.0, 50.0),
    "exclusiveGateway": (50.0, 50.0),
}
TASK = (136.0, 60.0)
KINDS = {"system": "serviceTask"}


@dataclass
class _Graph:
    """BPMN's nodes and flows while they are gathered."""

    nodes: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    flows: list[tuple[str, str, str]] = field(default_factory=list)
    back: list[tuple[str, str, str]] = field(default_factory=list)

    def node(self, name: str, kind: str, words: str = "", about: str = "") -> str:
        self.nodes[name] = (kind, words, about)
        return name

    def flow(self, start: str, end: str, words: str = "") -> None:
        self.flows.append((start, end, words))


def bpmn(
    track: Track,
    *,
    title: str,
    say: Callable[[str, str], str],
    about: Callable[[Step], str],
) -> str:
    """The document. `say` gives the words of a `step` or an `outcome`, `about` those of a
    task's documentation (who, clock, what waits)."""
    graph = _graph(track, say, about)
    root = Tree.Element(f"{{{MODEL}}}definitions", {"id": "track", "targetNamespace": TARGET})
    process = Tree.SubElement(
        root, f"{{{MODEL}}}process", {"id": _id(track.id), "name": title, "isExecutable": "false"}
    )
    flows = [*graph.flows, *graph.back]
    _write_nodes(process, graph, flows)
    for number, (start, end, words) in enumerate(flows):
        given = {"id": f"flow_{number}", "sourceRef": _id(start), "targetRef": _id(end)}
        if words:
            given["name"] = words
        flow = Tree.SubElement(process, f"{{{MODEL}}}sequenceFlow", given)
        if words and graph.nodes[start][0] == "exclusiveGateway":
            condition = Tree.SubElement(flow, f"{{{MODEL}}}conditionExpression")
            condition.text = f"outcome == {words!r}"
    _write_picture(root, track.id, graph)
    Tree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Tree.tostring(root, encoding="unicode")


def _graph(track: Track, say: Callable[[str, str], str], about: Callable[[Step], str]) -> _Graph:
    graph = _Graph()
    start = graph.node("start", "startEvent")
    leaves = {step.id: _write_step(graph, track, step, say, about) for step in track.steps}
    begin = [track.steps[place].id for place in track.compiled.starts]
    _fan(graph, start, begin)
    for step in track.steps:
        later = [_entrance(other) for other in track.steps if step.id in other.after]
        _fan(graph, leaves[step.id], later)
    return graph


def _fan(graph: _Graph, start: str, ends: list[str]) -> None:
    """Lead on to one node, or to several at once through a gateway that says so."""
    if len(ends) > 1:
        fork = graph.node(f"fork_{start}", "parallelGateway")
        graph.flow(start, fork)
        start = fork
    for end in ends:
        graph.flow(start, end)


def _entrance(step: Step) -> str:
    """The node at which one comes to a step: what joins or asks before it, or the task itself."""
    if len(step.after) > 1:
        return f"join_{step.id}"
    return f"ask_{step.id}" if step.when else step.id


def _write_step(
    graph: _Graph,
    track: Track,
    step: Step,
    say: Callable[[str, str], str],
    about: Callable[[Step], str],
) -> str:
    """Add a step with its gateways. Returns the node from which one goes on."""
    if len(step.after) > 1:
        graph.node(f"join_{step.id}", "parallelGateway")
        graph.flow(f"join_{step.id}", f"ask_{step.id}" if step.when else step.id)
    if step.when:
        graph.node(f"ask_{step.id}", "exclusiveGateway")
        words = " / ".join(say("outcome", name) for name in step.when)
        graph.flow(f"ask_{step.id}", step.id, words)
    graph.node(step.id, KINDS.get(step.doer, "userTask"), say("step", step.id), about(step))
    leaves = step.id
    special = [o for o in step.outcomes if o.leads not in (ON, WAIT)]
    if special:
        leaves = graph.node(f"out_{step.id}", "exclusiveGateway")
        graph.flow(step.id, leaves)
    for outcome in special:
        words = say("outcome", outcome.id)
        if outcome.leads in track.ends:
            end = graph.node(
                f"end_{step.id}_{outcome.id}", "endEvent", say("outcome", outcome.leads)
            )
            graph.flow(leaves, end, words)
        else:
            graph.flow(leaves, outcome.leads, words)
            graph.back.append((outcome.leads, step.id, ""))
    if step.when:
        past = graph.node(f"past_{step.id}", "exclusiveGateway")
        graph.flow(leaves, past)
        graph.flow(f"ask_{step.id}", past)
        leaves = past
    return leaves


def _write_nodes(process: Tree.Element, graph: _Graph, flows: list[tuple[str, str, str]]) -> None:
    for name, (kind, words, about) in graph.nodes.items():
        given = {"id": _id(name)} | ({"name": words} if words else {})
        if kind == "exclusiveGateway":
            usual = [n for n, (start, _end, said) in enumerate(flows) if start == name and not said]
            given |= {"default": f"flow_{usual[0]}"} if usual else {}
        element = Tree.SubElement(process, f"{{{MODEL}}}{kind}", given)
        if about:
            Tree.SubElement(element, f"{{{MODEL}}}documentation").text = about
        for number, (start, end, _words) in enumerate(flows):
            for side, tag in ((end, "incoming"), (start, "outgoing")):
                if side == name:
                    Tree.SubElement(element, f"{{{MODEL}}}{tag}").text = f"flow_{number}"


def _write_picture(root: Tree.Element, track: str, graph: _Graph) -> None:
    sizes = {name: SIZES.get(kind, TASK) for name, (kind, _w, _a) in graph.nodes.items()}
    forth, back = _pairs(graph.flows), _pairs(graph.back)
    layout = layered(sizes, forth, back)
    diagram = Tree.SubElement(root, f"{{{DI}}}BPMNDiagram", {"id": "diagram"})
    plane = Tree.SubElement(
        diagram, f"{{{DI}}}BPMNPlane", {"id": "plane", "bpmnElement": _id(track)}
    )
    for name, box in layout.boxes.items():
        given = {"id": f"shape_{name}", "bpmnElement": _id(name)}
        if graph.nodes[name][0] == "exclusiveGateway":
            given["isMarkerVisible"] = "true"
        shape = Tree.SubElement(plane, f"{{{DI}}}BPMNShape", given)
        place = dict(zip(("x", "y", "width", "height"), map(_number, box), strict=True))
        Tree.SubElement(shape, f"{{{DC}}}Bounds", place)
    for number, line in enumerate(layout.lines):
        given = {"id": f"edge_{number}", "bpmnElement": f"flow_{number}"}
        edge = Tree.SubElement(plane, f"{{{DI}}}BPMNEdge", given)
        for x, y in line:
            Tree.SubElement(edge, f"{{{DD}}}waypoint", {"x": _number(x), "y": _number(y)})


def _pairs(flows: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    return [(start, end) for start, end, _words in flows]


def _number(value: float) -> str:
    return f"{value:g}"


def _id(name: str) -> str:
    """An XML name that no other element has."""
    return f"node_{name}"


__all__ = ["bpmn"]
