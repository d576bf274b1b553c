"""What the process of a lesson is told, and what not."""

import json

from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.plan import plan

from .conftest import EXERCISE

BODY = """\
```pycon
>>> sum([40, 2])
42
>>> float("x")
Traceback (most recent call last):
    ...
ValueError: could not convert string to float: 'x'

```

```python
import math
y = math.pi          # => 3.14159
y                    # => ~3.15 ± 0.01
[y]                  # => _ > before
len("ab")            # => 2
```

"""


def test_a_plan_does_not_tell_what_is_promised(write):
    told = json.dumps(plan(read(write("01.md", BODY + EXERCISE)), 60))
    for promised in ("42", "could not convert", "3.14159", "3.15", "0.01", "double(3) is 6, not 9"):
        assert promised not in told
    assert '"source": "y\\n"' in told
