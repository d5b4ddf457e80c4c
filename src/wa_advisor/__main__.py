"""The command `wa-advisor`, also as `python -m wa_advisor`.

The version is asked for a hundred times a day by scripts: it is told before anything is imported for it.
"""

from __future__ import annotations

import gc
import sys


def main() -> None:
    if sys.argv[1:] == ["--version"]:
        from wa_advisor import __version__

        print(f"wa-advisor {__version__}")
        return
    gc.set_threshold(100_000, 20, 50)  # imports and rules make many objects that stay: looking for waste among them costs a tenth
    from wa_advisor.cli import main as run

    try:
        run()
    finally:
        gc.freeze()  # what is left goes with the process: looking through it for waste at the end takes longer than a small report


if __name__ == "__main__":
    main()
