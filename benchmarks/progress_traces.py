"""Records how far imports were when, for the tests of the remaining time.

`python -m benchmarks.progress_traces FOLDER NAME COMMAND...` runs a command of longshore that
imports into the data folder, looks at the import four times a second, and writes
`tests/unit/progress_traces/NAME.json`.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from longshore.assembly import open_longshore
from longshore.settings import Settings

_TRACES = Path(__file__).parents[1] / "tests" / "unit" / "progress_traces"
_LOOK_SECONDS = 0.25


def main() -> None:
    folder, name, *command = sys.argv[1:]
    settings = Settings.from_environment({**os.environ, "LONGSHORE_DATA": folder})
    with open_longshore(settings) as longshore:
        known = {each.id for each in longshore.imports.open()}
        process = subprocess.Popen([sys.executable, "-m", "longshore", *command])
        samples: list[tuple[float, int]] = []
        rows_count, import_id = 0, None
        while process.poll() is None:
            for import_ in longshore.imports.open():
                if import_.id in known or import_.started_at is None:
                    continue
                import_id, rows_count = import_.id, import_.inputs_size
                samples.append((round(time.monotonic(), 2), import_.consumed_count))
            time.sleep(_LOOK_SECONDS)
        assert import_id is not None, "the import was over at the first look"
        samples.append(
            (round(time.monotonic(), 2), longshore.imports.read(import_id).consumed_count)
        )
    start = samples[0][0]
    trace = {
        "command": " ".join(command),
        "rows": rows_count,
        "samples": [[round(at - start, 2), rows] for at, rows in samples],
    }
    _TRACES.mkdir(exist_ok=True)
    (_TRACES / f"{name}.json").write_text(json.dumps(trace) + "\n", encoding="utf-8")
    print(f"{name}: {len(samples)} samples, {samples[-1][0] - start:.1f} s")


if __name__ == "__main__":
    main()
