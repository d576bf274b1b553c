"""The state of the random numbers: NumPy's, Python's and fluxrepl's own, as text, so that a cell can draw them again.

A lesson that is taken up another day runs accepted code again; with the state of then, it gives the numbers of then.
"""

import base64
import json
import random
from typing import Any

import numpy as np

States = dict[str, Any]  # of each source of random numbers, as JSON has it


def states() -> States:
    """The states at this moment."""
    from fluxrepl.nn.chance import generator

    version, words, gauss = random.getstate()
    numpy = np.random.get_state(legacy=False)
    found: States = {"python": [version, _packed(words), gauss], "flux": generator(None).bit_generator.state}
    if numpy["bit_generator"] == "MT19937":
        twister = numpy["state"]
        found["numpy"] = [_packed(twister["key"]), int(twister["pos"]), numpy["has_gauss"], numpy["gauss"]]
    return found


def drawn(before: States) -> str:
    """The states `before` of those that have been drawn from since, as text; nothing if none has."""
    now = states()
    changed = {name: state for name, state in before.items() if now.get(name) != state}
    return json.dumps(changed) if changed else ""


def restore(text: str) -> bool:
    """Set the states that `drawn` gave; False if the text is none of its."""
    try:
        put_back(json.loads(text) if text else {})
    except (ValueError, TypeError, KeyError, AttributeError):
        return False
    return True


def put_back(before: States) -> None:
    """Set these states."""
    from fluxrepl.nn.chance import generator

    if "python" in before:
        version, words, gauss = before["python"]
        random.setstate((version, tuple(_unpacked(words).tolist()), gauss))
    if "numpy" in before:
        key, pos, has_gauss, gauss = before["numpy"]
        np.random.set_state(("MT19937", _unpacked(key), pos, has_gauss, gauss))
    if "flux" in before:
        generator(None).bit_generator.state = before["flux"]


def _packed(words: Any) -> str:
    return base64.b64encode(np.asarray(words, "<u4").tobytes()).decode()


def _unpacked(text: str) -> Any:
    return np.frombuffer(base64.b64decode(text), "<u4").astype(np.uint32)
