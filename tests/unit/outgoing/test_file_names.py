"""What a fetched file is called."""

import pytest

from longshore.outgoing.file_names import file_name


@pytest.mark.parametrize(
    ("path", "disposition", "name"),
    [
        ("/a/products.csv", None, "products.csv"),
        ("/a/Preisliste%20M%C3%A4rz.csv.gz", None, "Preisliste März.csv.gz"),
        ("/download/", None, "download"),
        ("/", None, ""),
        ("/download", 'attachment; filename="products.xlsx"', "products.xlsx"),
        ("/download", "attachment; filename=products.csv", "products.csv"),
        ("/download", "attachment; filename*=UTF-8''M%C3%A4rz.csv", "März.csv"),
        ("/download", "attachment; filename*=nonsense''M%C3%A4rz.csv", None),
        ("/download", 'attachment; filename="../../etc/passwd"', "passwd"),
        ("/download", 'attachment; filename="C:\\\\temp\\\\a.csv"', "a.csv"),
        ("/a%2F..%2Fb.csv", None, "b.csv"),
        ("/%1B%5B31mred.csv", None, "[31mred.csv"),
        ("/a.csv", "attachment", "a.csv"),
        ("/a.csv", "\x00;;;", "a.csv"),
    ],
)
def test_names_are_taken_from_the_answer_or_the_address(
    path: str, disposition: str | None, name: str | None
) -> None:
    found = file_name(path, {} if disposition is None else {"content-disposition": disposition})
    assert name is None or found == name
    assert "/" not in found
    assert found.isprintable()
