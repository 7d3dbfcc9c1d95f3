"""How fast longshore is, and how much memory it takes; `python -m benchmarks.run` measures."""
