"""Lessons as notebooks and back, without loss.

`pieces` cuts a lesson's text into what becomes cells; `export` makes the notebook; `importing` makes the text again.
What nobody changed is emitted as it was, byte by byte; only what changed is written anew, by `writing`.
"""
