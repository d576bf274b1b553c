import math
import re
import xml.etree.ElementTree as ET

import numpy as np

from fluxrepl.show.numbers import Looking
from fluxrepl.show.strokes import CURVE_HIGH, CURVE_WIDE, HIGH, curve, histogram


def points(svg):
    (path,) = re.findall(r'class="line" d="M([^"]+)Z"', svg)
    return [tuple(map(float, point.split())) for point in path.split("L")]


def test_a_histogram_has_a_bar_for_each_bin_that_is_not_empty():
    svg = histogram(Looking().at(np.array([0.0] * 10 + [1.0] * 5)))
    root = ET.fromstring(svg)
    assert root.get("aria-label") == "histogram from 0 to 1, mean 0.333"
    assert svg.count("M") == 2
    assert f"v{-HIGH}h" in svg
    assert f"v{-HIGH / 2:g}h" in svg


def test_zero_is_marked_where_it_lies_between():
    assert 'class="zero" d="M36.0 0' in histogram(Looking().at(np.array([-1.0, 1.0, 0.5])))
    assert "zero" not in histogram(Looking().at(np.array([1.0, 2.0])))


def test_where_all_is_the_same_there_is_no_histogram():
    assert histogram(Looking().at(np.ones(10))) == ""


def test_a_curve_goes_from_the_first_step_to_the_last():
    svg = curve([4.0, 3.0, 2.0])
    ET.fromstring(svg)
    assert points(svg)[:3] == [(0, 0), (CURVE_WIDE / 2, CURVE_HIGH / 2), (CURVE_WIDE, CURVE_HIGH)]
    assert "loss over 3 steps: from 4 to 2" in svg


def test_a_curve_that_grows_keeps_its_scale():
    assert points(curve([4.0, 3.0, 2.0], total=6))[2] == (CURVE_WIDE / 2, CURVE_HIGH)


def test_a_loss_that_falls_far_is_drawn_by_its_powers_of_ten():
    svg = curve([1.0, 0.1, 0.01])
    assert points(svg)[1] == (CURVE_WIDE / 2, CURVE_HIGH / 2)
    assert re.findall(r">([\d.]+)</text>", svg) == ["0.01", "0.1", "1"]


def test_of_many_steps_the_lowest_and_the_highest_are_kept():
    losses = np.ones(100_000)
    losses[5_000], losses[70_000] = 3.0, 0.5
    svg = curve(losses.tolist())
    assert len(svg) < 20_000
    heights = [y for _, y in points(svg)]
    assert (min(heights), max(heights)) == (0, CURVE_HIGH)
    assert len(curve(losses.tolist(), exact=False)) < 20_000


def test_a_curve_needs_two_finite_losses():
    assert curve([]) == curve([1.0]) == curve([math.nan, math.nan]) == ""
    ET.fromstring(curve([1.0, math.inf, math.nan, 0.5]))
    ET.fromstring(curve([2.0, 2.0]))
    ET.fromstring(curve([0.0, 0.0]))
    ET.fromstring(curve([-1.0, 5.0]))
