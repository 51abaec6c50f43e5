"""What she tells without being anybody, and being forgotten, through the whole service on a Zalo phone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from store.people.models import person
from store.privacy import forget_requests
from store.submissions import models as submissions_models
from store.submissions import service as submissions


async def test_a_tip_a_question_and_a_forget_request(system) -> None:
    """Coded values arrive, the question waits for a reader, the answer leaves before she is forgotten."""
    walks = (
        ("alo", "menu", "5", "6", "1", "2", "1", "Xã Lai Hòa, Sóc Trăng", "1", "1"),
        ("menu", "5", "6", "2", "6", "Đường vào bản bao giờ sửa?", "1"),
        ("xóa dữ liệu của tôi", "1"),
    )
    for words in walks:
        for word in words:
            answer = await system.talk("zalo_oa", "lan", word)
    assert "Mình bắt đầu xóa" in answer[-1]["text"]
    store, now = system.store, system.runtime.clock.now()
    async with store.data.connect() as conn:
        assert [(one.kind, one.seen, one.area) for one in await submissions.tips(conn, scope="vn")] == [
            ("lure", "today", "31810")
        ]
        assert [(q.topic, q.text) for q in await submissions_models.questions(conn, store.keys)] == [
            ("road", "Đường vào bản bao giờ sửa?")
        ]
        assert (await conn.execute(select(func.count()).select_from(person))).scalar_one() == 1
    assert await forget_requests.fulfil_once(store, now + timedelta(minutes=3)) == 1
    async with store.data.connect() as conn:
        assert (await conn.execute(select(func.count()).select_from(person))).scalar_one() == 0
        assert len(await submissions.tips(conn, scope="vn")) == 1
