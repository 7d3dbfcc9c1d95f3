"""The script that scores how files of the Pollock benchmark are read."""

import json
from pathlib import Path

import pytest

from benchmarks.pollock import main, measure

HEADER = '"code","name","count"\n'
CLEAN = HEADER + '"A1","Mug","3"\n"A2","Cup","4"\n'
# The polluted file, the clean one, and the points of ten that it earns.
FILES = {
    "same.csv": (CLEAN, CLEAN, 10.0),
    "spaced.csv": ("code, name, count\nA1, Mug, 3\nA2, Cup, 4.0\n", CLEAN, None),
    "empty.csv": ("", "", 10.0),
    "header.csv": (HEADER, HEADER, 10.0),
    "stray.csv": ('code,"na"me,count\nA1,Mug,3\n', CLEAN, 0.0),
    "row_1_col2.csv": ('code,name,count\nA1,"M"ug,3\nA2,Cup,4\n', CLEAN, None),
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for folder in ("csv", "clean"):
        (tmp_path / "polluted_files" / folder).mkdir(parents=True)
    for name, (polluted, clean, _) in FILES.items():
        (tmp_path / "polluted_files/csv" / name).write_text(polluted)
        (tmp_path / "polluted_files/clean" / name).write_text(clean)
    weights = {name: 1 if name == "stray.csv" else 3 for name in FILES}
    (tmp_path / "pollock_weights.json").write_text(json.dumps(weights))
    return tmp_path


def test_each_file_earns_what_it_shares_with_its_clean_version(checkout: Path) -> None:
    scores = {each.name: each for each in measure(checkout)}
    assert scores.keys() == FILES.keys()
    for name, (_, _, points) in FILES.items():
        if points is not None:
            assert scores[name].points == points
    assert "header cannot be read" in scores["stray.csv"].refusal
    # A number with decimals is another one: half of the records agree, and eight of nine cells.
    assert scores["spaced.csv"].points == pytest.approx(1 + 3 + 3 * 1 / 2 + 3 * 8 / 9)
    # The row that cannot be read is left out.
    expected = 1 + 3 + (1 + 1 / 2 + 2 / 3) + (1 + 2 / 3 + 4 / 5)
    assert scores["row_1_col2.csv"].points == pytest.approx(expected)


def test_scores_and_losses_are_printed(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(checkout)])
    printed = capsys.readouterr().out
    assert "simple score" in printed
    assert "weighted score" in printed
    main([str(checkout), "--only", "same"])
    assert "weighted score  10.000 of 10" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="no such files"):
        main([str(checkout), "--only", "nothing"])
