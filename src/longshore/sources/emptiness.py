"""Whether there are rows in a source at all."""

from longshore.errors import RequestRefused
from longshore.readers import HEAD_BYTES, EmptySource, peek, survey
from longshore.sources.contents import HowToRead, Spool, open_contents
from longshore.sources.source import Source


def is_empty(source: Source, spool: Spool) -> bool:
    """Whether the reader of a source finds no rows in it. At most a head of it is read: a longer
    one is not empty, and neither is one that cannot be read, which a store refuses.

    Raises what reading its bytes raises.
    """
    with source.open() as raw:
        head, blocks = peek(raw, HEAD_BYTES)
        if len(head) >= HEAD_BYTES:
            return False
        try:
            with open_contents(
                blocks, HowToRead.of(source), spool, is_field=lambda _name: False
            ) as contents:
                text, _ = peek(contents.blocks, HEAD_BYTES)
                how = contents.how
                if len(text) < HEAD_BYTES:
                    survey(
                        [text], format=how.format, name=how.name, encoding=how.encoding, csv=how.csv
                    )
        except EmptySource:
            return True
        except RequestRefused:
            pass
    return False
