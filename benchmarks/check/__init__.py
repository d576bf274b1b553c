"""The checker beside stdlib doctest, pytest and Sybil, on the same generated lessons."""
