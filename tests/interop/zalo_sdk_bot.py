"""A bot on PyPI's zalo-sdk 0.3.0 with its hosts pointed at the stand-in.

The package only sends, so a web server of the standard library hears the webhook. The OpenAPI host is an argument
of its client; the OAuth host is a constant inside two functions and is replaced there.
"""

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import zalo_sdk
import zalo_sdk.oa
from zalo_sdk.oa import ZaloAttachment, ZaloMessageBody, ZaloRecipient

BASE = os.environ["BASE"]
HOST = "https://oauth.zaloapp.com"


def point(function, base):
    """Replace the OAuth host among a function's constants."""
    code = function.__code__
    moved = tuple(c.replace(HOST, base) if isinstance(c, str) else c for c in code.co_consts)
    function.__code__ = code.replace(co_consts=moved)


for name in ("refresh_acccess_token", "get_access_token_from_authorization_code", "request_authoriation_code_url"):
    point(getattr(zalo_sdk.BaseClient, name), BASE + "/sim/zalo/oauth")

client = zalo_sdk.oa.Client(
    os.environ["APP_ID"],
    os.environ["APP_SECRET"],
    access_token=os.environ["ACCESS"],
    refresh_token=os.environ["REFRESH"],
    endpoint_prefix=BASE + "/sim/zalo/openapi",
)


def say(user, text, attachment=None):
    return client.send_message(ZaloRecipient(user_id=user), ZaloMessageBody(text=text, attachment=attachment))


def answer(user, text):
    """Do what the person asks for by a word and say what came of it."""
    if text == "hồ sơ":
        say(user, client.get_user_detail(user)["data"]["display_name"])
    elif text == "nhãn":
        client.tag_follower(user, "thử")
        say(user, ",".join(client.get_tags_of_oa()["data"]))
    elif text == "hạn mức":
        left = client.get_zalo_oa_quotas("App")["data"][0]["remain"]
        say(user, f"{client.get_zalo_user_quotas(user)['data']['cs_reply']['total']} {left}")
    elif text == "tệp":
        token = client.upload_file(b"%PDF-1.4", "file", "a.pdf", "application/pdf")["data"]["token"]
        say(user, None, ZaloAttachment("file", {"token": token}))
    elif text == "làm mới":
        before = client.access_token
        client.refresh_acccess_token()
        say(user, "token mới" if client.access_token != before else "token cũ")
    elif text == "quá dài":
        try:
            say(user, "ế" * 2001)
        except zalo_sdk.ZaloOAException as refused:
            say(user, f"lỗi {refused._code}")
    else:
        say(user, f"nghe: {text}")


class WebhookHandler(BaseHTTPRequestHandler):
    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()
        if event["event_name"] == "user_send_text":
            threading.Thread(target=answer, args=(event["sender"]["id"], event["message"]["text"])).start()

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), WebhookHandler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
