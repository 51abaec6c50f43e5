"""The same bot behind python-telegram-bot's own web server."""

import os

from ptb_polling import build

if __name__ == "__main__":
    port = int(os.environ["PORT"])
    url = f"http://127.0.0.1:{port}/hook"
    build().run_webhook(listen="127.0.0.1", port=port, url_path="hook", webhook_url=url, secret_token="s3cret")
