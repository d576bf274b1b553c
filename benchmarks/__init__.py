"""Speed, memory and start-up against peers; see README.md."""
