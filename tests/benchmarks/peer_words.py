"""What the peers say: texts of the length our own screens have, with as many buttons."""

MENU = "Mục lục. Chị muốn xem gì?"
CHOICES = ("Kiểm tra lời mời", "Đi xa và trở về", "Giữ an toàn", "Số điện thoại", "Cần giúp", "Cài đặt")
STEPS = ("Xem tiếp", "Cần giúp", "Về mục lục")
MORE = "1"
PAGES = tuple(
    f"Trang {n}. Trước khi nhận lời đi làm xa, chị hỏi ba việc: ai trả tiền vé, ai giữ giấy tờ, và nếu muốn về thì "
    "về bằng cách nào. Câu trả lời không rõ là một dấu hiệu nên dừng lại, hỏi thêm người chị tin."
    for n in range(1, 6)
)
LOOPS = {"aiogram": 64, "ptb": 8}
"""How many loops of a broadcast send at once: for each the fastest of 8, 32 and 64 on this bench (2026-11-22).

httpx, under python-telegram-bot, gets slower with every connection more: 431/s with 8 loops, 282/s with 32.
"""
