"""`python -m wa_advisor` is the command `wa-advisor`."""

from wa_advisor.cli import main

if __name__ == "__main__":
    main()
