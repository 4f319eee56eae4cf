"""The picture shows every step once, in order; the BPMN is whole and a BPMN reader opens it."""

from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given, settings

from pilotline.engines.tracks.bpmn import DC, DD, DI, MODEL, bpmn
from pilotline.engines.tracks.picture import draw
from tests.engines.tracks.test_tracks_cases import TRACK
from tests.engines.tracks.tracks_drawn import tracks


def exported(track) -> str:
    return bpmn(
        track,
        title="并联<审批>",
        say=lambda _kind, word: word,
        about=lambda s: f"{s.days} 个工作日",
    )


@settings(max_examples=40)
@given(tracks())
def test_boxes_do_not_overlap_and_lines_go_on(track) -> None:
    layout, edges = draw(track)
    boxes = list(layout.boxes.values())
    assert set(layout.boxes) == {step.id for step in track.steps}
    for at, a in enumerate(boxes):
        assert a.x + a.width <= layout.width
        assert a.y + a.height <= layout.height
        for b in boxes[at + 1 :]:
            apart_x = a.x + a.width <= b.x or b.x + b.width <= a.x
            apart_y = a.y + a.height <= b.y or b.y + b.height <= a.y
            assert apart_x or apart_y
    for (start, end), line in zip(edges, layout.lines, strict=True):
        assert len(line) >= 2
        if end in {s.id for s in track.steps if start in s.after}:
            assert line[0][0] <= line[-1][0]


def parsed(text: str) -> Tree.Element:
    return Tree.fromstring(text)  # noqa: S314 our own words


def elements(text: str) -> dict[str, Tree.Element]:
    """Every element with an id; an id stands once."""
    found: dict[str, Tree.Element] = {}
    for element in parsed(text).iter():
        if "id" in element.attrib:
            assert element.attrib["id"] not in found
            found[element.attrib["id"]] = element
    return found


@settings(max_examples=40)
@given(tracks())
def test_every_reference_in_the_bpmn_leads_somewhere(track) -> None:
    text = exported(track)
    known = elements(text)
    flows = {k: e for k, e in known.items() if e.tag == f"{{{MODEL}}}sequenceFlow"}
    for flow in flows.values():
        assert {flow.attrib["sourceRef"], flow.attrib["targetRef"]} <= set(known)
    for element in parsed(text).iter():
        if element.tag in (f"{{{MODEL}}}incoming", f"{{{MODEL}}}outgoing"):
            assert element.text in flows
        if "bpmnElement" in element.attrib:
            assert element.attrib["bpmnElement"] in known
    shown = {e.attrib["bpmnElement"] for e in parsed(text).iter(f"{{{DI}}}BPMNShape")}
    process = next(e for e in known.values() if e.tag == f"{{{MODEL}}}process")
    nodes = {e.attrib["id"] for e in process if not e.tag.endswith("sequenceFlow")}
    assert shown == nodes
    # Nothing dangles: every node but the start is come to, every node but an end is left.
    come = {f.attrib["targetRef"] for f in flows.values()}
    left = {f.attrib["sourceRef"] for f in flows.values()}
    tags = {e.attrib["id"]: e.tag.rpartition("}")[2] for e in process if "id" in e.attrib}
    assert nodes - come == {n for n in nodes if tags[n] == "startEvent"}
    assert nodes - left == {n for n in nodes if tags[n] == "endEvent"}


@settings(max_examples=40)
@given(tracks())
def test_a_viewer_finds_where_to_draw_everything(track) -> None:
    """BPMNDI: one plane of the process, a box for each node, a line of its own for each flow that
    begins at the box it leaves and ends at the box it comes to."""
    root = parsed(exported(track))
    process = root.find(f"{{{MODEL}}}process")
    (plane,) = root.iter(f"{{{DI}}}BPMNPlane")
    assert plane.attrib["bpmnElement"] == process.attrib["id"]
    boxes: dict[str, tuple[float, ...]] = {}
    for shape in plane.iter(f"{{{DI}}}BPMNShape"):
        (bounds,) = shape.findall(f"{{{DC}}}Bounds")
        x, y, width, height = (float(bounds.attrib[n]) for n in ("x", "y", "width", "height"))
        assert min(x, y) >= 0
        assert min(width, height) > 0
        boxes[shape.attrib["bpmnElement"]] = x, y, x + width, y + height
    edges = {e.attrib["bpmnElement"]: e for e in plane.iter(f"{{{DI}}}BPMNEdge")}
    flows = {f.attrib["id"]: f for f in process.iter(f"{{{MODEL}}}sequenceFlow")}
    assert set(edges) == set(flows)
    for name, edge in edges.items():
        points = [
            (float(p.attrib["x"]), float(p.attrib["y"])) for p in edge.iter(f"{{{DD}}}waypoint")
        ]
        assert len(points) >= 2
        ends = (points[0], "sourceRef"), (points[-1], "targetRef")
        for (x, y), end in ends:
            left, top, right, bottom = boxes[flows[name].attrib[end]]
            assert left <= x <= right
            assert top <= y <= bottom


def test_a_bpmn_reader_opens_it(tmp_path) -> None:
    """SpiffWorkflow, where it is installed: an independent reader and engine of BPMN 2.0."""
    parser = pytest.importorskip(
        "SpiffWorkflow.bpmn.parser.BpmnParser",
        reason="SpiffWorkflow is a check for development only: pip install SpiffWorkflow",
    )
    place = tmp_path / "track.bpmn"
    # It gives the steps of executable processes only; ours are for reading.
    text = exported(TRACK).replace('isExecutable="false"', 'isExecutable="true"')
    place.write_text(text, encoding="utf-8")
    reader = parser.BpmnParser()
    reader.add_bpmn_file(str(place))
    spec = reader.get_spec("node_project")
    assert {f"node_{step.id}" for step in TRACK.steps} <= set(spec.task_specs)
