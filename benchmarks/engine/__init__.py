"""The engine against a hand-written floor and against its peers; see benchmarks/README.md."""
