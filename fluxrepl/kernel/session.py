r"""Texts that are no Unicode reach the front all the same, as Python escapes them.

A lone surrogate (`"\ud800"`: half of a character, as a file's name or broken data may hold) has no UTF-8, and
jupyter_client fails to pack a message that has one, in whatever thread sends it: output is lost, and the reply to a
cell is another error than the learner's. Every message is packed here, so here it becomes `\ud800`, six characters.
"""

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from jupyter_client.jsonutil import json_clean, json_default
from jupyter_client.session import Session

SURROGATE = re.compile("[\ud800-\udfff]")


class TextSession(Session):
    """jupyter_client's, for messages with any text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        if self.packer in ("json", "orjson"):
            self.pack = partial(pack_text, self.pack)


def pack_text(pack: Callable[[Any], bytes], message: Any) -> bytes:
    """Pack a message; if its text is no Unicode, with escapes."""
    try:
        packed = pack(message)
        packed.decode()  # jupyter_client lets some surrogates through, as bytes that mean nothing
    except UnicodeError:
        text = json.dumps(json_clean(message), default=json_default, ensure_ascii=False, allow_nan=False)
        return SURROGATE.sub(lambda found: rf"\\u{ord(found[0]):04x}", text).encode()
    return packed
