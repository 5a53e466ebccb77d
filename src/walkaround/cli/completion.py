"""`walkaround completion bash|zsh|fish`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from walkaround.cli.console import Console, talk_options


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@talk_options
def command(shell: str) -> None:
    """Print the completion script for a shell.

    bash: eval "$(walkaround completion bash)" in ~/.bashrc; zsh likewise in ~/.zshrc; fish: walkaround completion fish
    > ~/.config/fish/completions/walkaround.fish
    """
    scripts = get_completion_class(shell)
    if scripts is None:
        raise click.UsageError(f"no completion for {shell}")
    group = click.get_current_context().find_root().command
    Console.stdout().say(scripts(group, {}, "walkaround", "_WALKAROUND_COMPLETE").source().strip())
