"""How a message is written between friends: shortened, by sound, and with English words in it."""

from __future__ import annotations

from random import Random

SOCIAL = {
    "em": ("e", "iem", "ém"), "anh": ("a", "ank", "ảnh"), "chị": ("c", "chụy", "chỵ"), "mình": ("mk", "mik", "mìn"),
    "không": ("k", "ko", "khum", "hong", "hok", "hông", "kh"), "được": ("dc", "đc", "đx", "đượt"), "rồi": ("r", "òi", "gòi", "ròi", "rùi"),
    "với": ("vs", "zới", "dới", "vứi"), "vậy": ("z", "zậy", "dzậy", "dị"), "về": ("zề", "dìa", "zìa", "dzề"), "vào": ("zô", "vô", "zào"),
    "người": ("ng", "ngừi", "ngừ", "ngkời"), "muốn": ("mún", "mún", "muốnn"), "biết": ("bik", "bít", "bjk", "bit"), "chết": ("chếc", "chít", "chớt"),
    "đánh": ("đánk", "quánh", "đáh", "oánh"), "giúp": ("júp", "zúp", "giúpp", "dúp"), "cứu": ("cíu", "kíu", "kứu"), "bị": ("pị", "bj", "pj"),
    "gì": ("j", "ji", "rì"), "nhà": ("nhàa", "nkà", "nhà"), "quá": ("wá", "qá", "quớ"), "làm": ("lm", "làmm", "nàm"), "buồn": ("bùn", "pùn"),
    "yêu": ("iu", "êu"), "tôi": ("t", "tui", "toy"), "chồng": ("ck", "chòng", "chồg"), "vợ": ("vk", "zợ"), "con": ("kon", "coan", "cn"),
    "cho": ("ch", "choa", "cko"), "đang": ("đag", "đg", "dang"), "phải": ("fải", "phảii", "pải"), "trong": ("trog", "trg"), "trước": ("trc", "trướk"),
    "nói": ("ns", "nóii", "nóy"), "nhiều": ("nhìu", "nhìuu"), "sợ": ("sợợ", "sọ"), "thế": ("thế", "thía"), "tiền": ("xiền", "tìn"), "điện": ("đ", "điệnn"),
    "cả": ("kả", "cảa"), "của": ("củaa", "cụa", "kủa"), "nó": ("nó", "nóa"), "này": ("nài", "nàyy", "lày"), "tiếp": ("típ", "tiếpp"), "khách": ("khák", "kháck"),
    "bạn": ("bn", "pạn"), "bán": ("pán", "báng"), "mẹ": ("mẹ", "mje"), "sống": ("xống", "sốg"), "thuốc": ("thúc", "thuôk"), "uống": ("úng", "uốg"),
    "giết": ("jết", "dết", "zết"), "đi": ("đi", "đii", "đy"), "qua": ("wa", "qa"), "lại": ("lạy", "lạii"), "giữ": ("zữ", "jữ"), "nhốt": ("nhốtt", "nhốc"),
    "ra": ("ra", "raa"), "ép": ("épp", "ép"), "hết": ("hớt", "hếc"), "bắt": ("bắtt", "bắk", "pắt"), "gọi": ("gọii", "gọy", "gọi"), "dọa": ("zọa", "dọaa"),
}  # fmt: skip

ENGLISH = {
    "cứu": "help", "giúp": "help", "làm ơn": "please", "công an": "police", "điện thoại": "phone", "hộ chiếu": "passport", "tiền": "money",
    "sợ": "scared", "bạn trai": "boyfriend", "chồng": "husband", "phòng": "room", "con gái": "daughter", "mẹ": "mom", "bố": "dad", "công ty": "company",
    "ông chủ": "boss", "chủ": "boss", "khách": "customer", "ảnh": "photo", "trên mạng": "online", "thuốc ngủ": "sleeping pill", "tối nay": "tonight",
    "ngày mai": "tomorrow", "biên giới": "border", "lương": "salary", "gia đình": "family", "máu": "blood", "ma túy": "drugs", "đêm qua": "last night",
}  # fmt: skip


def social(word: str, chance: Random) -> str:
    """Write a word as friends do, where they have a way; else by a habit of the keyboard."""
    if word in SOCIAL:
        return chance.choice(SOCIAL[word])
    for typed, written in (("ph", "f"), ("ng", "g"), ("nh", "h"), ("gi", "j"), ("c", "k"), ("v", "z")):
        if len(word) > 2 and (word.startswith(typed) and typed not in ("ng", "nh") or word.endswith(typed)):
            return written + word[len(typed) :] if word.startswith(typed) else word[: -len(typed)] + written
    return word


def english(text: str, chance: Random) -> str:
    """Say up to two things of a message in English."""
    said = [phrase for phrase in ENGLISH if f" {phrase} " in f" {text} "]
    for phrase in chance.sample(said, min(2, len(said))):
        text = f" {text} ".replace(f" {phrase} ", f" {ENGLISH[phrase]} ", 1).strip()
    return text
