"""What an opened installation consists of, made once and given to everything that works on it."""

from collections.abc import Callable
from dataclasses import dataclass

from longshore.access import Tokens
from longshore.catalogue import Catalogue, load_catalogue
from longshore.database import Database
from longshore.identifiers import PublicIds
from longshore.imports import KIND, PLAN, ImportLife
from longshore.observations import Observer
from longshore.operations import (
    Cleanup,
    Forerunners,
    GroupCauses,
    ImportKind,
    PlanKind,
    Preparation,
    UndoKind,
    UploadKind,
)
from longshore.records import record_tables
from longshore.runs import (
    DistributedClaims,
    EmbeddedClaims,
    Presence,
    RunDriver,
    RunKind,
    RunLife,
)
from longshore.settings import Settings
from longshore.sources import AttachmentStore, open_attachments
from longshore.undos import KIND as UNDO
from longshore.uploads import CHECK


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of one opened installation, as one process has them."""

    name: str  # what the database calls the connections of the process
    kind: str  # of process: server, worker or command
    settings: Settings
    database: Database
    catalogue: Catalogue
    attachments: AttachmentStore
    preparation: Preparation
    claims: EmbeddedClaims | DistributedClaims
    forerunners: Forerunners
    presence: Presence
    driver: RunDriver
    cleanup: Cleanup
    tokens: Tokens
    observer: Observer
    on_point: Callable[[str], None]  # hears the names of moments, for tests

    @property
    def public_ids(self) -> PublicIds:
        """How ids of this installation are written outside."""
        return self.database.public_ids


def make_parts(
    settings: Settings,
    database: Database,
    *,
    name: str,
    kind: str,
    observer: Observer,
    on_point: Callable[[str], None] = lambda _point: None,
) -> Parts:
    """The parts that work on a database, those that fit its kind."""
    catalogue = load_catalogue()
    attachments = open_attachments(settings)
    presence = Presence(
        database,
        settings,
        name=name,
        kind=kind,
        attachments=attachments.location,
        is_local=attachments.is_folder,
        observer=observer,
    )
    preparation = Preparation(database, catalogue, settings)
    uploads = UploadKind(database, catalogue, settings, attachments, preparation, on_point=on_point)
    undos = UndoKind(database, catalogue, settings, observer, on_point=on_point)
    lives: dict[str, RunLife] = {
        KIND: ImportLife(),
        PLAN: ImportLife(),
        CHECK: uploads,
        UNDO: undos,
    }
    claims: EmbeddedClaims | DistributedClaims
    if database.is_embedded:
        claims = EmbeddedClaims(database, settings, lives, process=kind, on_point=on_point)
    else:
        record_tables()  # declared, so that their columns can be spelled in bulk
        claims = distributed = DistributedClaims(
            database, settings, lives, runner=name, observer=observer, on_point=on_point
        )
        presence.beat_for(distributed.beat)
        if kind == "worker":
            presence.also(distributed.sweep, name="sweep")
    cleanup = Cleanup(
        database, catalogue, attachments, settings, observer, reports=kind == "command"
    )
    imports = ImportKind(
        database,
        catalogue,
        settings,
        attachments,
        preparation,
        cleanup,
        GroupCauses(attachments, preparation),
        observer,
        on_point=on_point,
    )
    plans = PlanKind(database, settings, attachments, preparation, cleanup, on_point=on_point)
    kinds: dict[str, RunKind] = {KIND: imports, PLAN: plans, CHECK: uploads, UNDO: undos}
    return Parts(
        name=name,
        kind=kind,
        settings=settings,
        database=database,
        catalogue=catalogue,
        attachments=attachments,
        preparation=preparation,
        claims=claims,
        forerunners=Forerunners(claims),
        presence=presence,
        driver=RunDriver(database, claims, presence, kinds, observer, on_point=on_point),
        cleanup=cleanup,
        tokens=Tokens(database, domain=settings.domain),
        observer=observer,
        on_point=on_point,
    )
