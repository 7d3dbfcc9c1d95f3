"""Where a database may live: a folder of a local file system that can be written to."""

import os
from pathlib import Path

from longshore.errors import RequestRefused

# File systems of other machines: their locks and shared memory are not those that SQLite's
# write-ahead log needs (sqlite.org/wal.html: "WAL does not work over a network filesystem").
_NETWORK_FILE_SYSTEMS = frozenset(
    {
        *("9p", "afs", "beegfs", "ceph", "cifs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs"),
        *("nfs4", "ocfs2", "smb2", "smb3", "smbfs"),
        *("fuse.ceph", "fuse.cephfs", "fuse.glusterfs", "fuse.s3fs", "fuse.sshfs"),
    }
)

_OTHER_FOLDER = "name another folder with --data or LONGSHORE_DATA"


def prepare_folder(folder: Path) -> None:
    """Make the folder where it is missing; raises RequestRefused when it cannot be used."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise RequestRefused(
            f"the data folder {folder} is a file, expected a folder", hint=_OTHER_FOLDER
        ) from None
    except NotADirectoryError:
        raise RequestRefused(
            f"the data folder {folder} lies inside a file, expected a folder", hint=_OTHER_FOLDER
        ) from None
    except OSError as error:
        raise RequestRefused(
            f"the data folder {folder} cannot be made: {error.strerror}", hint=_OTHER_FOLDER
        ) from error
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise RequestRefused(f"the data folder {folder} cannot be written to", hint=_OTHER_FOLDER)
    network = network_file_system(folder)
    if network is not None:
        raise RequestRefused(
            f"the data folder {folder} is on a network file system ({network}), where several "
            "programs cannot share an embedded database",
            hint=_OTHER_FOLDER,
        )


def prepare_file(path: Path) -> None:
    """Make an empty database that only its owner may read, where there is none."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise RequestRefused(
            f"the database {path} cannot be opened for writing: {error.strerror}",
            hint=_OTHER_FOLDER,
        ) from error


def network_file_system(folder: Path, mounts: Path = Path("/proc/mounts")) -> str | None:
    """The type of the network file system that holds a folder, or None.

    `mounts` is Linux's list (proc_mounts(5)); other systems have none and are not examined.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    resolved = folder.resolve()
    deepest, found = -1, None
    for line in lines:
        words = line.split(" ")
        if len(words) < 3:
            continue
        point = Path(_unescape(words[1]))
        # The last line of equal depth wins: a later mount hides an earlier one.
        if resolved.is_relative_to(point) and len(point.parts) >= deepest:
            deepest, found = len(point.parts), words[2]
    return found if found in _NETWORK_FILE_SYSTEMS else None


def _unescape(path: str) -> str:
    """`/mnt/two\\040words` as the path that it means."""
    for code, character in (("040", " "), ("011", "\t"), ("012", "\n"), ("134", "\\")):
        path = path.replace("\\" + code, character)
    return path
