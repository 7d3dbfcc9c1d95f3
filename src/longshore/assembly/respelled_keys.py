"""Keys of older releases, rewritten once; `operations` tell those that cannot be."""

from longshore.catalogue import load_catalogue
from longshore.database import Database, read_installation
from longshore.engine import Respelled, respell_keys
from longshore.observations import KeysRespelled, Observer
from longshore.records import record_tables


def respell(database: Database, observer: Observer) -> Respelled:
    """Rewrite what older releases have stored; may be ended and repeated."""
    record_tables()  # declared, so that their columns can be spelled in bulk
    done = respell_keys(database, load_catalogue())
    if done.changed or done.met:
        observer.observe(KeysRespelled(records=done.changed, left=done.met))
    return done


def respell_once(database: Database, observer: Observer) -> None:
    """Rewrite what older releases have stored, if that was never done to its end."""
    with database.read() as tx:
        if read_installation(tx).keys_spelled_at is not None:
            return
    respell(database, observer)
