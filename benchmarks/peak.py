"""Run the command line, and write the most memory that this process has held to a file.

`python -m benchmarks.peak FILE import skus skus.csv ...`: FILE gets the bytes.
"""

import resource
import sys
from pathlib import Path

from longshore.__main__ import main


def peak_bytes() -> int:
    """The peak of this program.

    Linux counts it anew for each program (VmHWM, proc_pid_status(5)). What getrusage(2) tells
    there includes the size that the parent had when it started this process.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    report = Path(sys.argv.pop(1))
    try:
        main()
    finally:
        report.write_text(str(peak_bytes()))
