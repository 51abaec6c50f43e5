"""`python -m bot` is `nhipcau`."""

from bot.cli.main import main

main()
