"""`python -m bot` is `crux`."""

from bot.cli import main

main()
