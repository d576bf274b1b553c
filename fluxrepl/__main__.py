"""`python -m fluxrepl` is the `fluxrepl` command."""

import sys

from .cli import main

sys.exit(main())
