"""Lessons: read from Markdown, checked, played. No screen here, and no engine.

To read in this order: `lesson` (the words), `reader` with `markdown`, `options`, `frontmatter`, `examples`, `exercise`
and `steps` (a file becomes a lesson), `compare` and `promise` (want against got), `run` (one example), `runner` (a
whole lesson, in a process of its own), `fork` and `isolate` (that process), `verdict`, `lint`, `report` and `check`
(what an author is told), `attempt`, `judge` with `places`, `play` with `commands`, `progress` and `course` (what a
learner meets).
"""
