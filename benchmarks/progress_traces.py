"""Records how far imports were when, for the tests of the remaining time.

`python -m benchmarks.progress_traces FOLDER NAME [--pause] COMMAND...` runs a command of longshore
that imports into the data folder, looks at the import four times a second, and writes
`tests/unit/progress_traces/NAME.json`. With `--pause` the process is stopped for eight seconds in
the middle, as one is whose machine sleeps, or that is taken over.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from longshore.assembly import open_longshore
from longshore.settings import Settings

_TRACES = Path(__file__).parents[1] / "tests" / "unit" / "progress_traces"
_LOOK_SECONDS = 0.25
_PAUSE_FROM, _PAUSE_TO = 4.0, 12.0  # seconds after the first look


def main() -> None:
    folder, name, *command = sys.argv[1:]
    pauses = command[0] == "--pause"
    command = command[pauses:]
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
                samples.append((time.time(), import_.consumed_count))
            if pauses and samples:
                seconds = time.time() - samples[0][0]
                is_paused = _PAUSE_FROM < seconds < _PAUSE_TO
                process.send_signal(signal.SIGSTOP if is_paused else signal.SIGCONT)
            time.sleep(_LOOK_SECONDS)
        assert import_id is not None, "the import was over at the first look"
        ended = longshore.imports.read(import_id)
        assert ended.completed_at is not None
        samples = [each for each in samples if each[0] < ended.completed_at / 1000]
        samples.append((ended.completed_at / 1000, ended.consumed_count))
    start = samples[0][0]
    trace = {
        "command": f"longshore {command[0]} {command[1]}",
        "rows": rows_count,
        "samples": [[round(at - start, 2), rows] for at, rows in samples],
    }
    _TRACES.mkdir(exist_ok=True)
    (_TRACES / f"{name}.json").write_text(json.dumps(trace) + "\n", encoding="utf-8")
    print(f"{name}: {len(samples)} samples, {samples[-1][0] - start:.1f} s")


if __name__ == "__main__":
    main()
