"""The command `wa-advisor`, also as `python -m wa_advisor`.

The version is asked for a hundred times a day by scripts: it is told before anything is imported for it.
"""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Runs the command; interrupted, it ends with 130 and no traceback from its first moment on."""
    try:
        if sys.argv[1:] != ["--version"] or not _version_told():
            _run()
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _run() -> None:
    import signal  # not needed for the version, which takes no longer than this

    signal.signal(signal.SIGINT, _gone)  # while all is loaded: there is nothing yet to be put back or told
    gc.set_threshold(100_000, 20, 50)  # imports and rules make many objects that stay: looking for waste among them costs a tenth
    from wa_advisor.cli import main as run

    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        run()
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
