"""One module a command: read, call, write, exit code. Only the command that runs is imported."""
