"""`completion`: the script that completes commands and options in a shell.

Bash, zsh and fish are click's own; PowerShell is added here in the same way: the script calls the command with the
words typed so far in the environment, and the command answers with what may follow.
"""

from __future__ import annotations

import os
from typing import ClassVar

import click
from click.shell_completion import (
    CompletionItem,
    ShellComplete,
    add_completion_class,
    get_completion_class,
)

VARIABLE = "_WA_ADVISOR_COMPLETE"
SHELLS = ("bash", "zsh", "fish", "powershell")

_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
    $env:COMP_WORDS = $words -join "`n"
    $env:COMP_INCOMPLETE = "$wordToComplete"
    $env:%(complete_var)s = "powershell_complete"
    try {
        %(prog_name)s | ForEach-Object {
            $kind, $value, $help = $_ -split "`t", 3
            if (-not $help) { $help = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, "ParameterValue", $help)
        }
    } finally {
        Remove-Item Env:COMP_WORDS, Env:COMP_INCOMPLETE, Env:%(complete_var)s
    }
}
"""


@add_completion_class
class PowerShell(ShellComplete):
    """The words come one to a line, with the one that is being typed beside them."""

    name: ClassVar[str] = "powershell"
    source_template: ClassVar[str] = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        words = os.environ.get("COMP_WORDS", "").split("\n")[1:]
        incomplete = os.environ.get("COMP_INCOMPLETE", "")
        return (words[:-1] if incomplete and words and words[-1] == incomplete else words), incomplete

    def format_completion(self, item: CompletionItem) -> str:
        return f"{item.type}\t{item.value}\t{' '.join((item.help or '').split())}"


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print the completion script of a shell.

    Bash: add `eval "$(wa-advisor completion bash)"` to ~/.bashrc; zsh: the same with zsh to ~/.zshrc; fish: write it to
    ~/.config/fish/completions/wa-advisor.fish; PowerShell: add
    `wa-advisor completion powershell | Out-String | Invoke-Expression` to $PROFILE.
    """
    found = get_completion_class(shell)
    assert found is not None
    root = click.get_current_context().find_root().command
    # The source of the base class: bash's own would run bash to learn its version.
    click.echo(ShellComplete.source(found(root, {}, "wa-advisor", VARIABLE)))
