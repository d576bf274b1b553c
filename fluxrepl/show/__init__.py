"""What a value looks like, and `explain`, which shows what a gradient did.

Views of values that have a text already: in colour for the terminal (`rich.py`), as HTML for notebooks (`html.py`).
`view(value)` of either gives None where the text alone says it best.

`explain.py` records a gradient on a tape that notes the learner's lines (`noting.py`), and tells it step by step
(`telling.py`): as a table, as a picture (`graph.py`), or why an argument has no gradient (`why.py`).
"""
