"""`python -m fluxrepl.kernel -f CONNECTION_FILE`: what Jupyter runs (see kernel.json).

`-m` puts the notebook's folder at the head of the import path, where a `numpy.py` or `random.py` of the learner's
would be taken for the real one. kernel.json says `-P`, which prevents that; without `-P` it is undone here, before
anything else.
"""

import os
import sys

if __name__ == "__main__":
    if not sys.flags.safe_path and sys.path and sys.path[0] in ("", os.getcwd()):
        del sys.path[0]

    from fluxrepl.kernel.app import main

    main()
