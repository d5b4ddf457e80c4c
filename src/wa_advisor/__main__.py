"""The command `wa-advisor`, also as `python -m wa_advisor`.

The version is asked for a hundred times a day by scripts: it is told before anything is imported for it.
"""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Runs the command. Ctrl-C ends it at once while it is loaded: there is nothing yet to be put back or told."""
    if sys.argv[1:] == ["--version"] and _version_told():
        return
    import signal  # not needed for the version, which takes no longer than this

    signal.signal(signal.SIGINT, _gone)
    gc.set_threshold(100_000, 20, 50)  # imports and rules make many objects that stay: looking for waste among them costs a tenth
    from wa_advisor.cli import main as run

    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        run()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    finally:
        gc.freeze()  # what is left goes with the process: looking through it for waste at the end takes longer than a small report


def _version_told() -> bool:
    """Whether the version could be printed; if not, the command line says what is wrong."""
    from wa_advisor import __version__

    try:
        print(f"wa-advisor {__version__}", flush=True)
    except OSError:
        return False
    return sys.stdout is not None


def _gone(number: int, frame: object) -> None:
    """No exception: one that is raised within an import may be printed and forgotten."""
    os._exit(130)


if __name__ == "__main__":
    main()
