"""Functions that are refused, each with the reason: what they give is no number that changes with the argument.

Every public function of NumPy is either differentiated, declared constant, or listed here: a test counts them.
"""

import numpy as np

from fluxrepl.ad.rule import LATE, NOT_DIFFERENTIATED, WRITES

INSTEAD = "np.where(mask, value, x) makes a new array."

WRITES.update({
    np.copyto: f"{INSTEAD} np.full_like(array, x) writes inside: x * np.ones_like(array). So does np.nan_to_num(array, "
    "nan=x): np.where(np.isnan(array), x, array).",
    np.put: INSTEAD,
    np.place: INSTEAD,
    np.putmask: INSTEAD,
    np.put_along_axis: INSTEAD,
    np.fill_diagonal: "np.where(np.eye(n, dtype=bool), value, x) makes a new array.",
})  # fmt: skip

FILES = "It writes to a file. Write out the bare value: ignore_derivatives(x)."
DATES = "It is about dates, which are no numbers."
TEXT = "It is about text, which has no derivative."
BITS = "It is about the bits of whole numbers."
BARS = "Its bars are counts, which jump, and its edges move with the data; np.histogram has a rule."

NOT_DIFFERENTIATED.update({
    np.save: FILES, np.savetxt: FILES, np.savez: FILES, np.savez_compressed: FILES,
    np.busday_count: DATES, np.busday_offset: DATES, np.is_busday: DATES, np.datetime_as_string: DATES,
    np.isnat: DATES,
    np.packbits: BITS, np.unpackbits: BITS,
    np.histogram2d: BARS, np.histogramdd: BARS,
})  # fmt: skip

for module in (np.strings, np.char):
    for name, fn in vars(module).items():
        of_numbers = fn is vars(np).get(name)  # np.strings.add is np.add
        if name in module.__all__ and callable(fn) and not isinstance(fn, type) and not of_numbers:
            NOT_DIFFERENTIATED.setdefault(fn, TEXT)


def fields(module) -> None:
    """`numpy.lib.recfunctions`, which NumPy imports only on demand."""
    for name in module.__all__:
        NOT_DIFFERENTIATED[getattr(module, name)] = "It is about arrays with named fields: differentiate each field."


LATE["numpy.lib.recfunctions"] = fields
