"""Views of values that have a text already: in colour for the terminal (`rich.py`), as HTML for notebooks (`html.py`).

`view(value)` of either gives None where the text alone says it best.
"""
