"""A copy of this process has what it needs, and nothing else of its parent's."""

import contextlib
import os

import pytest

from fluxrepl.tutor import fork

pytestmark = pytest.mark.skipif(not fork.available, reason="no forks here at all")


def test_a_copy_has_its_pipe_and_three_streams_open_and_no_more():
    def is_open(number):
        with contextlib.suppress(OSError):
            os.fstat(number)
            return True

    (report,), ended = fork.ask(lambda send: send({"open": [number for number in range(100) if is_open(number)]}), 10)
    assert ended == ""
    assert report["open"][:3] == [0, 1, 2]
    assert len(report["open"]) == 4
