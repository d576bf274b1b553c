"""Code that nobody vouches for: run so that it can harm neither this machine, nor other submissions, nor its verdict.

`sandbox.py` is the outer side, `warm.py` the inner; `limits.py` and `filter.py` are the walls, `refusal.py` the words
where they cannot be built, `results.py` what is believed of what comes back. docs/security.md says what holds.
"""

from ..settings import CannotRun


class Refused(CannotRun):
    """Untrusted code cannot be confined on this machine; nothing of it was run."""
