"""The calls of PyPI's zalo-sdk 0.3.0 that we make too; run in an environment of its own against a recording server.

Its OAuth host is a constant inside two functions and is replaced there; its template element prints the message.
"""

import os

import zalo_sdk
import zalo_sdk.oa
from zalo_sdk.oa import ZaloAttachment, ZaloMessageBody, ZaloRecipient
from zalo_sdk.oa.ZaloMessage import ZaloAttachmentTemplate, ZaloTemplateElement, ZaloTemplateType

BASE = os.environ["BASE"]
code = zalo_sdk.BaseClient.refresh_acccess_token.__code__
moved = tuple(c.replace("https://oauth.zaloapp.com", BASE) if isinstance(c, str) else c for c in code.co_consts)
zalo_sdk.BaseClient.refresh_acccess_token.__code__ = code.replace(co_consts=moved)

client = zalo_sdk.oa.Client("9", "app-secret", access_token="t1", refresh_token="r1", endpoint_prefix=BASE)
her = ZaloRecipient(user_id="42")
picture = ZaloTemplateElement(media_type="image", url="https://example.test/a.png")
template = ZaloAttachmentTemplate(ZaloTemplateType.media, [picture], [])

client.send_message(her, ZaloMessageBody(text="Chào chị"))
client.send_message(her, ZaloMessageBody(text="Chào chị", quote_message_id="m1"))
client.send_message(her, ZaloMessageBody(text="Xem", attachment=ZaloAttachment("template", template.toDict())))
client.send_message(her, ZaloMessageBody(attachment=ZaloAttachment("file", {"token": "F"})))
client.get_zalo_oa_quotas("OA", "cs")
client.get_zalo_user_quotas("42")
client.get_user_detail("42")
client.upload_file(b"PNG", "image", "a.png", "image/png")
client.upload_file(b"PDF", "file", "a.pdf", "application/pdf")
client.refresh_acccess_token()
