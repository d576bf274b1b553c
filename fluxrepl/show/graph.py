"""The picture of an explanation: the tape as a graph, from the arguments at the left to the result at the right.

Along an edge, values go forward (above it) and cotangents come back (below it). igraph finds the places, in layers with
few crossings (Sugiyama); drawsvg writes the SVG. Both come with the extra `graph`, and neither needs a program outside
of Python.
"""

from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fluxrepl.ad.errors import teach

from .values import text_of_value

if TYPE_CHECKING:
    from .explain import Explanation

LARGEST = 100  # steps: a larger picture cannot be read
LETTER = 7.3  # the width of a character, in pixels; a monospace one of size 12
HIGH = 40  # a box
BETWEEN = 26  # boxes of one layer
ROOM = 34  # at both ends of an edge's text
MARGIN = 14

# Colours stand on the shapes, for whatever reads no CSS; a browser takes those of JupyterLab's theme, or of its own.
INK, PAPER, LINE, GREEN, GREY = "#1a1a1a", "#ffffff", "#8a8a8a", "#2e8b57", "#5a5a5a"
STYLE = """
.fluxrepl-graph { --ink: #1a1a1a; --paper: #ffffff; --green: #2e8b57; --grey: #5a5a5a; }
@media (prefers-color-scheme: dark) {
  .fluxrepl-graph { --ink: #e8e8e8; --paper: #1e1e1e; --green: #6fcf97; --grey: #b0b0b0; }
}
.fluxrepl-graph text { font-family: var(--jp-code-font-family, ui-monospace, monospace);
  fill: var(--jp-content-font-color1, var(--vscode-editor-foreground, var(--ink))); }
.fluxrepl-graph .edge text { stroke: var(--jp-layout-color0, var(--vscode-editor-background, var(--paper))); }
.fluxrepl-graph rect { fill: var(--jp-layout-color0, var(--vscode-editor-background, var(--paper))); }
.fluxrepl-graph .leaf rect { stroke: var(--jp-content-link-color, var(--vscode-textLink-foreground, #1669c1)); }
.fluxrepl-graph .value { fill: var(--jp-content-font-color2, var(--vscode-descriptionForeground, var(--grey))); }
.fluxrepl-graph .cotangent {
  fill: var(--jp-mirror-editor-number-color, var(--vscode-testing-iconPassed, var(--green))); }
"""


class Picture:
    """An SVG: a notebook shows it, `.save(path)` writes it to a file, `.svg` is its source."""

    def __init__(self, svg: str):
        self.svg = svg

    def save(self, path: str | Path) -> None:
        """Write the SVG to a file, which a browser opens."""
        Path(path).write_text(self.svg, encoding="utf-8")

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return "Picture(SVG): a notebook shows it; .save('steps.svg') writes it to a file"


class Node(NamedTuple):
    """A box: an argument or a step."""

    title: str
    value: str
    cotangent: str
    kind: str  # classes of style: "leaf", "step", "result", "dim"

    @property
    def width(self) -> float:
        return LETTER * max(len(self.title), len(self.below)) + 20

    @property
    def below(self) -> str:
        return f"{self.value}  {self.cotangent}"


class Edge(NamedTuple):
    """A value that goes forward from one box to another, and the cotangent that comes back."""

    start: int
    end: int
    value: str
    cotangent: str

    @property
    def width(self) -> float:
        return LETTER * max(len(self.value), len(self.cotangent)) + ROOM


def draw(explanation: "Explanation") -> Picture:
    """The picture of an explanation.

    Errors: ImportError without the libraries; ValueError with nothing to show, or more than can be read.
    """
    igraph, drawsvg = library("igraph"), library("drawsvg")
    if len(explanation.steps) > LARGEST:
        raise teach(
            ValueError(f"a picture of {len(explanation.steps)} steps could not be read"),
            f"It is drawn for up to {LARGEST}.",
            "Explain a smaller case, with fewer turns of a loop; or read the table, whose .steps has them all.",
        )
    nodes, edges = parts(explanation)
    if not nodes:
        raise teach(ValueError("there is nothing to draw"), "The function was explained without a number to nudge.")
    places = arrange(igraph, nodes, edges)
    return Picture(paint(drawsvg, nodes, edges, places))


def library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise teach(
            ImportError(f"the picture is drawn with igraph and drawsvg, and {name} is not installed", name=name),
            "They are not needed for anything else, so they do not come with fluxrepl.",
            "Write: pip install 'fluxrepl[graph]'. The table of explain needs nothing.",
        ) from error


def parts(explanation: "Explanation") -> tuple[list[Node], list[Edge]]:
    """The boxes and the edges. Two edges between the same boxes, as of x * x, stay two."""
    nodes, edges, place = [], [], {}
    values = {leaf.name: leaf.value for leaf in explanation.leaves}
    for item in (*explanation.leaves, *explanation.steps):
        is_leaf = item.name in values and not hasattr(item, "written")
        kind = "leaf" if is_leaf else "step"
        kind += " result" if item.name == explanation.result else ""
        kind += "" if item.cotangent is not None else " dim"
        title = item.name if is_leaf else f"{item.name} = {item.written}"
        place[item.name] = len(nodes)
        nodes.append(Node(title, text_of_value(item.value), text_of_value(item.cotangent), kind))
        values[item.name] = item.value
    for step in explanation.steps:
        for name, sent in zip(step.operands, step.sent, strict=True):
            edges.append(Edge(place[name], place[step.name], text_of_value(values[name]), text_of_value(sent)))
    return nodes, edges


# ---- where things are ------------------------------------------------------------------------------------------------


class Places(NamedTuple):
    """The place of each box, and the points through which each edge goes."""

    boxes: list["Point"]
    ways: list[list[tuple[float, float]]]


def layers_of(nodes: list[Node], edges: list[Edge]) -> list[int]:
    """A step is one layer behind the last of its operands; an argument stands just before its first use."""
    layer = [0] * len(nodes)
    for edge in edges:  # in the order of the tape, so every operand is settled before it is used
        layer[edge.end] = max(layer[edge.end], layer[edge.start] + 1)
    for k, node in enumerate(nodes):
        used = [layer[edge.end] for edge in edges if edge.start == k]
        if "leaf" in node.kind and used:
            layer[k] = min(used) - 1
    return layer


def arrange(igraph: Any, nodes: list[Node], edges: list[Edge]) -> Places:
    """Layers from left to right. An edge that passes layers gets a place in each, so that no box stands in its way."""
    layer = layers_of(nodes, edges)
    chains = []  # for each edge: its two boxes, and between them a place of its own in each layer
    for edge in edges:
        passed = range(layer[edge.start] + 1, layer[edge.end])
        chains.append([edge.start, *range(len(layer), len(layer) + len(passed)), edge.end])
        layer += passed
    graph = igraph.Graph(n=len(layer), edges=[pair for chain in chains for pair in pairwise(chain)], directed=True)
    across = [round(x, 3) for x, _ in graph.layout_sugiyama(layers=layer, maxiter=1000)]
    lanes = {x: k for k, x in enumerate(sorted(set(across)))}
    columns = columns_of(nodes, edges, layer)
    points = [
        Point(columns[d], MARGIN + HIGH / 2 + lanes[x] * (HIGH + BETWEEN)) for d, x in zip(layer, across, strict=True)
    ]
    return Places(points[: len(nodes)], [way(chain, points) for chain in chains])


class Point(NamedTuple):
    """A place in a layer: the left and right end of its column, and the height."""

    column: tuple[float, float]
    y: float


def columns_of(nodes: list[Node], edges: list[Edge], layer: list[int]) -> list[tuple[float, float]]:
    """The left and right end of each layer: as wide as its boxes, with room for the texts of edges behind it."""
    columns, left = [], float(MARGIN)
    for depth in range(max(layer) + 1):
        width = max([node.width for node, d in zip(nodes, layer, strict=False) if d == depth])
        columns.append((left, left + width))
        left += width + max([edge.width for edge in edges if layer[edge.end] == depth + 1], default=ROOM)
    return columns


def way(chain: list[int], points: list[Point]) -> list[tuple[float, float]]:
    """The points of an edge, from the right end of one box through the columns between to the left end of another."""
    through = [(x, points[k].y) for k in chain for x in points[k].column]
    return through[1:-1]


# ---- ink -------------------------------------------------------------------------------------------------------------

MONOSPACE = {"font_family": "monospace", "text_anchor": "middle"}
SMALL = 11  # the size of values and cotangents


def paint(drawsvg: Any, nodes: list[Node], edges: list[Edge], places: Places) -> str:
    """The SVG's source."""
    right = max([point.column[1] for point in places.boxes])
    lowest = max([point.y for point in places.boxes] + [y for points in places.ways for _, y in points])
    picture = drawsvg.Drawing(right + MARGIN, lowest + HIGH / 2 + MARGIN, class_="fluxrepl-graph")
    picture.append_css(STYLE)
    picture.append_title("The steps of a gradient: values go forward, cotangents come back")
    for edge, points in zip(edges, places.ways, strict=True):
        picture.append(line(drawsvg, edge, points, nodes[edge.end]))
    for node, point in zip(nodes, places.boxes, strict=True):
        picture.append(box(drawsvg, node, point))
    return picture.as_svg(header="")


def line(drawsvg: Any, edge: Edge, points: list[tuple[float, float]], end: Node) -> Any:
    """An edge, with an arrow at its end, and both texts beside its last stretch."""
    group = drawsvg.Group(class_="edge", opacity=faded(end))
    path = drawsvg.Path(fill="none", stroke=LINE).M(*points[0])
    for (x, y), (u, v) in pairwise(points):
        path.C((x + u) / 2, y, (x + u) / 2, v, u, v)
    group.append(path)
    (x, y), (u, v) = points[-2:]
    group.append(drawsvg.Lines(u, v, u - 8, v - 4, u - 8, v + 4, close=True, fill=LINE))
    for text, kind, ink, below in ((edge.value, "value", GREY, -5), (edge.cotangent, "cotangent", GREEN, 13)):
        style = {"class_": kind, "fill": ink, "stroke": PAPER, "stroke_width": 3, "paint_order": "stroke"}  # with a rim
        group.append(drawsvg.Text(text, SMALL, (x + u) / 2, (y + v) / 2 + below, **style, **MONOSPACE))
    return group


def box(drawsvg: Any, node: Node, point: Point) -> Any:
    """A box: what it is, and below it its value and the cotangent that arrived."""
    group = drawsvg.Group(class_=node.kind, opacity=faded(node))
    (left, right), y = point
    x = (left + right) / 2
    frame = {"fill": PAPER, "stroke": LINE, "stroke_width": 2 if "result" in node.kind else 1}
    group.append(drawsvg.Rectangle(left, y - HIGH / 2, right - left, HIGH, rx=5, **frame))
    group.append(drawsvg.Text(node.title, 12, x, y - 4, fill=INK, **MONOSPACE))
    below = drawsvg.Text([], SMALL, x, y + 12, **MONOSPACE)
    below.append(drawsvg.TSpan(node.value, class_="value", fill=GREY))
    below.append(drawsvg.TSpan(node.cotangent, class_="cotangent", fill=GREEN, dx=10))
    group.append(below)
    return group


def faded(node: Node) -> float:
    """How strong the ink is: weak where no path leads to the result."""
    return 0.45 if "dim" in node.kind else 1.0
