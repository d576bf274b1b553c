"""Sybil's own way of checking prompts in Markdown, as a pytest plugin."""

from sybil import Sybil
from sybil.parsers.doctest import DocTestParser

# `path` is where its documents may lie: anywhere. Otherwise only beside this file.
pytest_collect_file = Sybil(parsers=[DocTestParser()], pattern="*.md", path="/").pytest()
