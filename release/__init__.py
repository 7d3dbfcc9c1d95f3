"""What is released: the wheel and the sdist, and the proof that they are what they should be.

`make release` runs `release.run`; `tests/release` does the same without a package index.
"""
