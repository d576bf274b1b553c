"""The picture of an explanation."""

import importlib
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest

from fluxrepl import explain
from fluxrepl.show import graph

SVG = "{http://www.w3.org/2000/svg}"


def f(x):
    return 3 * x**2 + 2 * x + 1


def texts(picture):
    return ["".join(t.itertext()).strip() for t in ET.fromstring(picture.svg).iter(f"{SVG}text")]


def test_a_picture_has_a_box_for_each_step_and_the_values_and_cotangents_on_the_edges():
    picture = explain(f, 2).graph()
    found = texts(picture)
    for title in ("x", "v1 = x ** 2", "v2 = 3 * v1", "v3 = 2 * x", "v4 = v2 + v3", "v5 = v4 + 1"):
        assert title in found
    root = ET.fromstring(picture.svg)
    assert len(list(root.iter(f"{SVG}rect"))) == 6
    edges = [[t.text for t in g.iter(f"{SVG}text")] for g in root.iter(f"{SVG}g") if g.get("class") == "edge"]
    assert sorted(edges) == sorted([
        ["2", "12.0"], ["4", "3.0"], ["2", "2.0"], ["12", "1.0"], ["4", "1.0"], ["16", "1.0"],
    ])  # fmt: skip


def test_boxes_do_not_overlap_and_nothing_lies_outside():
    rng = np.random.default_rng(0)

    def tangled(a, b, c):
        values = [a, b, c]
        for _ in range(30):
            i, j = rng.integers(len(values), size=2)
            values.append(values[i] * values[j] if rng.random() < 0.5 else np.sin(values[i]))
        return sum(values)

    root = ET.fromstring(explain(tangled, 1.0, 2.0, 3.0).graph().svg)
    width, height = float(root.get("width")), float(root.get("height"))
    boxes = [[float(r.get(k)) for k in ("x", "y", "width", "height")] for r in root.iter(f"{SVG}rect")]
    assert len(boxes) > 30
    for n, (x, y, w, h) in enumerate(boxes):
        assert x >= 0
        assert x + w <= width
        assert y >= 0
        assert y + h <= height
        for u, v, s, t in boxes[:n]:
            assert x >= u + s or u >= x + w or y >= v + t or v >= y + h


def test_no_edge_goes_through_a_box_and_all_go_to_the_right():
    root = ET.fromstring(explain(lambda x, y: np.sin(np.sin(np.sin(x))) * x + y, 1.0, 2.0).graph().svg)
    boxes = [[float(r.get(k)) for k in ("x", "y", "width", "height")] for r in root.iter(f"{SVG}rect")]
    for path in root.iter(f"{SVG}path"):
        if path.get("fill") != "none":
            continue
        points = [tuple(map(float, p.split(","))) for p in re.findall(r"[-\d.]+,[-\d.]+", path.get("d"))]
        assert all(a[0] <= b[0] + 1e-6 for a, b in pairwise(points))
        for x, y in points:
            assert not any(u < x < u + w and v < y < v + h for u, v, w, h in boxes)


def test_an_operand_that_is_used_twice_has_two_edges():
    root = ET.fromstring(explain(lambda x: x + x, 3.0).graph().svg)
    assert sum(g.get("class") == "edge" for g in root.iter(f"{SVG}g")) == 2


def test_what_leads_nowhere_is_faint_and_the_result_is_framed():
    root = ET.fromstring(explain(lambda x: (x * 5, x + 1)[1], 1.0).graph().svg)
    groups = {g.get("class"): g for g in root.iter(f"{SVG}g")}
    assert groups["step dim"].get("opacity") == "0.45"
    assert groups["step result"].find(f"{SVG}rect").get("stroke-width") == "2"


def test_a_picture_shows_itself_and_is_saved(tmp_path):
    picture = explain(lambda p: p["<&>"] * 2, {"<&>": 1.0}).graph()
    assert picture._repr_svg_() == picture.svg
    assert "p['<&>']" in texts(picture)
    picture.save(tmp_path / "steps.svg")
    assert (tmp_path / "steps.svg").read_text(encoding="utf-8") == picture.svg
    assert repr(picture).startswith("Picture(SVG)")


def test_no_step_at_all_is_a_picture_too():
    assert "x" in texts(explain(lambda x: x, 1.0).graph())
    with pytest.raises(ValueError, match="nothing to draw"):
        explain(lambda: 1.0).graph()


def test_too_many_steps_are_refused():
    with pytest.raises(ValueError, match="a picture of 150 steps could not be read") as e:
        explain(lambda x: sum([x] * 150), 1.0).graph()
    assert ".steps has them all" in e.value.__notes__[1]


@pytest.mark.parametrize("missing", ["igraph", "drawsvg"])
def test_without_the_libraries_it_says_what_to_install(missing, monkeypatch):
    real = importlib.import_module

    def absent(name, *args):
        if name == missing:
            raise ModuleNotFoundError(name=name)
        return real(name, *args)

    monkeypatch.setattr(graph, "import_module", absent)
    with pytest.raises(ImportError, match=f"{missing} is not installed") as e:
        explain(f, 2).graph()
    assert "pip install 'fluxrepl[graph]'" in e.value.__notes__[1]
    assert len(repr(explain(f, 2))) > 100  # the table needs none of them
