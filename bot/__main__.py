"""`python -m bot` is `nhipcau`."""

from bot.commands.main import main

main()
