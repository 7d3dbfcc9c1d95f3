"""One row applied over the identity maps of a chunk: matched, judged, saved or undone.

Pure: it knows no database, no source and no other row but through the maps.
"""
