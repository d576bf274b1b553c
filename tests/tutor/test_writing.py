"""Files are written whole, or they stay as they are."""

import os

import pytest

from fluxrepl.tutor.writing import replacing, write_whole


def test_a_file_is_replaced_with_its_permissions_and_nothing_lies_about(tmp_path):
    path = tmp_path / "lesson.md"
    path.write_text("old")
    path.chmod(0o640)
    with replacing(path, sync=True) as file:
        file.write(b"new")
        assert path.read_text() == "old"
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o640)
    assert os.listdir(tmp_path) == ["lesson.md"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_fails_half_way_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "lesson.md"
    path.write_text("old")

    def fail():
        with replacing(path) as file:
            file.write(b"ne")
            raise error

    with pytest.raises(type(error)):
        fail()
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["lesson.md"]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
def test_a_link_stays_a_link(tmp_path):
    target, link = tmp_path / "target.md", tmp_path / "link.md"
    target.write_text("old")
    link.symlink_to(target)
    with replacing(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_what_cannot_be_written_is_told_by_false(tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert not write_whole(tmp_path / "file" / "cache.json", "{}")
    assert write_whole(tmp_path / "new" / "cache.json", "{}")
    assert (tmp_path / "new" / "cache.json").stat().st_mode & 0o077 == 0
