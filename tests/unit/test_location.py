"""Which file systems a data folder may be on."""

import pytest

from longshore.database.location import network_file_system


@pytest.mark.parametrize(
    ("mounts", "expected"),
    [
        ("/dev/sda / ext4 rw 0 0", None),
        ("/dev/sda / ext4 rw 0 0\nserver:/x {folder} nfs4 rw 0 0", "nfs4"),
        ("/dev/sda / ext4 rw 0 0\n//server/x {parent} cifs rw 0 0", "cifs"),
        ("server:/x / nfs rw 0 0\n/dev/sda {folder} ext4 rw 0 0", None),
        ("server:/x {folder}-not nfs rw 0 0\n/dev/sda / ext4 rw 0 0", None),
        ("tmpfs {folder} tmpfs rw 0 0\nserver:/x {folder} nfs rw 0 0", "nfs"),
        ("garbage\n\nserver:/x / fuse.sshfs rw 0 0", "fuse.sshfs"),
        ("", None),
    ],
)
def test_the_deepest_mount_above_a_folder_decides(tmp_path, mounts, expected):
    folder = tmp_path / "two words"
    folder.mkdir()
    listed = mounts.format(folder=str(folder).replace(" ", "\\040"), parent=tmp_path)
    (tmp_path / "mounts").write_text(listed)
    assert network_file_system(folder, tmp_path / "mounts") == expected


def test_a_system_without_a_list_of_mounts_is_not_examined(tmp_path):
    assert network_file_system(tmp_path, tmp_path / "missing") is None
