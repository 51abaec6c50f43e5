"""What a console answers when it refuses something: asked over HTTP, in both languages of staff."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
from markupsafe import escape

from console.web.refusals import STATUS
from content.directory.refusals import LANGUAGES, refusal_sentence
from store.refusals import Refusal


async def refused(
    browser: httpx.AsyncClient, path: str, form: Mapping[str, object], refusal: Refusal, **values: str
) -> str:
    """Post a form that is refused for one reason, in each language; returns the page in the last one, Vietnamese."""
    for lang in LANGUAGES:
        browser.cookies.set("lang", lang)
        answer = await browser.post(path, data=dict(form))
        said = str(escape(refusal_sentence(refusal, lang, values)))
        assert (answer.status_code, said in answer.text) == (STATUS[refusal.kind], True), (path, form, refusal, lang)
    return answer.text
