"""Arrays on a GPU in a notebook: looked at where they are."""

import numpy as np
import pytest

from fluxrepl import gpu
from fluxrepl.nn import device
from fluxrepl.show.html import view
from fluxrepl.show.numbers import Looking

REASON = device.cupy()
pytestmark = [pytest.mark.gpu, pytest.mark.skipif(isinstance(REASON, str), reason=f"no usable GPU: {REASON}")]


@pytest.mark.parametrize("left", [10_000, 100])
def test_the_numbers_there_are_the_numbers_here(left):
    x = np.random.default_rng(0).normal(size=(40, 50)).astype(np.float32)
    x[3, 4], x[5, 6] = np.nan, np.inf
    here, there = Looking(left).at(x), Looking(left).at(gpu(x))
    assert there.bins == here.bins
    assert there[:8] == pytest.approx(here[:8], nan_ok=True)


def test_its_tree_has_no_numbers_copied_from_there():
    html = view((gpu(np.ones((30, 30), np.float32)), gpu(np.ones(2, np.float32))))
    assert "norm 30" in html
    assert html.count("cpu(...) brings it here") == 2
