"""A stand-in for the Telegram Bot API: the calls, limits, errors and deliveries a bot meets.

Source: https://core.telegram.org/bots/api, version 10.0 (as python-telegram-bot 22.8 and aiogram 3.31 speak it).
"""
