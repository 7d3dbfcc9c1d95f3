"""Consecutive rows gone through in one transaction: converted, loaded, applied, written.

Knows no import: who drives it decides what happens at the end of a chunk.
"""
