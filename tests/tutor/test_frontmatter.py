"""The schema for editors and the reader agree on every head, good or bad."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from fluxrepl.tutor.course import find_course, lesson_files
from fluxrepl.tutor.frontmatter import KEYS, parse_front_matter
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.lint import card, head_cards
from fluxrepl.tutor.problem import Problems

from .test_reader import HEADS

SCHEMA = json.loads((files("fluxrepl.tutor") / "front-matter.schema.json").read_text("utf-8"))
COURSE = lesson_files(find_course())
GOOD = [
    "title: x\nid: a\n", "title: x\nid: a-2\nrequires:\nobjectives: []\nminutes: 0.5\n",
    "title: 'σ: 1'\nid: 9\n".replace("9", "'9'"), "id: x\ntitle: x\nrequires: [a, b-c]\nobjectives: [do, see]\n",
]  # fmt: skip


def by_the_schema(head: str) -> bool:
    try:
        value = yaml.safe_load(head)
    except yaml.YAMLError:
        return False
    return Draft202012Validator(SCHEMA).is_valid(value)


def by_the_reader(head: str) -> bool:
    problems = Problems(Path("x.md"))
    parse_front_matter(head, problems)
    return not problems.found


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)
    assert sorted(SCHEMA["properties"]) == KEYS
    assert all(part["description"] and part["examples"] for part in SCHEMA["properties"].values())


@pytest.mark.parametrize("path", COURSE, ids=lambda path: path.stem)
def test_the_head_of_every_lesson_fits(path):
    assert by_the_schema(path.read_text("utf-8").split("---\n")[1])


@pytest.mark.parametrize("head", GOOD)
def test_a_good_head_fits(head):
    assert by_the_schema(head)
    assert by_the_reader(head)


@pytest.mark.parametrize(
    "name", [name for name in HEADS if "---\n" in HEADS[name][0][4:] and "nothing but" not in name]
)
def test_a_malformed_head_does_not_fit(name):
    head = HEADS[name][0].split("---\n")[1]
    assert not by_the_schema(head)
    assert not by_the_reader(head)


HEADS_OF_FILES = {
    "spaces behind its lines": "---  \ntitle: T\nid: one\nrequires: [two]\n--- \n",
    "lines that end in dashes": "---\ntitle: 'T ---\n\n  of many lines'\nid: one\nrequires: [two]\n---\n",
    "dots at its end": "---\ntitle: T\nid: one\nrequires: [two]\n...\n",
    "quoted keys": "---\ntitle: T\n\"id\": one\n'requires' : [two]\n---\n",
}


@pytest.mark.parametrize("head", HEADS_OF_FILES.values(), ids=HEADS_OF_FILES)
def test_a_head_alone_tells_what_the_whole_lesson_does(write, head):
    path = write("01.md", "Some text\n\nid: of no matter\n", head)
    lines = path.read_text().split("\n")
    (alone,), whole = head_cards([path]), card(read(path))
    assert alone == whole
    assert (whole.id, whole.requires) == ("one", ("two",))
    assert "one" in lines[whole.id_line - 1]
    assert "two" in lines[whole.requires_line - 1]
