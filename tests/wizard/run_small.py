"""`wa-advisor` with the small rule set of these tests instead of the shipped one."""

from __future__ import annotations

from wizard_small import small

from wa_advisor import cli, files

files.load_ruleset = lambda overlays=(): small()

if __name__ == "__main__":
    cli.main()
