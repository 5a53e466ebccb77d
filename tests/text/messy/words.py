"""Values as production has them, in the letters of each encoding."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

NAMES: Final = ("id", "note", "city", "amount", "day", "contact", "code", "active", "remark")

WESTERN: Final = (
    "Müller", "São Paulo", "Zürich", "café crème", "Ångström", "señor Núñez", "Straße", "Élodie", "plain words",
    "Porto",
    "naïve", "Besançon", "Köln am Rhein", "O'Brien", "", "Lyon", "déjà vu", "Señorita",
)  # fmt: skip
_UNIVERSAL: Final = (*WESTERN, "漢字 かな", "Ωμέγα", "Привет мир", "emoji 😀", "zł 12", "naïve \u2013 “quoted”", "שלום")
_POLISH: Final = (
    "Łódź", "Kraków", "Gdańsk", "Częstochowa", "Zażółć gęślą jaźń", "Świnoujście", "Wałbrzych", "Bielsko-Biała",
    "Poznań",
    "Rzeszów", "źródło", "książka", "Michał Wiśniewski", "Agnieszka Dąbrowska", "ulica Długa", "wójt", "żółw",
)  # fmt: skip
_RUSSIAN: Final = (
    "Москва", "Санкт-Петербург", "Новосибирск", "Иван Петров", "улица Ленина", "Екатеринбург", "Пожалуйста, завтра",
    "Мария Сидорова", "заказ выполнен", "Казань", "Нижний Новгород", "доставка", "оплачено", "Ольга",
)  # fmt: skip
_JAPANESE: Final = (
    "東京都新宿区", "大阪府", "田中太郎", "株式会社山田", "こんにちは", "カタカナ", "鈴木花子", "北海道札幌市",
    "表示能力", "注文は完了しました", "横浜市", "佐藤", "ありがとうございます",
)  # fmt: skip
_CHINESE: Final = (
    "北京市朝阳区", "上海", "王小明", "有限公司", "订单已完成", "广州", "谢谢您的购买", "李华", "深圳市南山区",
    "客户服务", "请尽快发货", "杭州", "张伟",
)  # fmt: skip
_WORDS: Final = {
    "cp1252": (*WESTERN, "5 €", "d\u2019accord"), "mixed": (*WESTERN, "5 €"), "latin-1": WESTERN,
    "cp1250": _POLISH, "cp1251": _RUSSIAN, "shift_jis": _JAPANESE, "gbk": _CHINESE,
}  # fmt: skip

Maker = Callable[[Random], str]


def makers(encoding: str, *, decimal_comma: bool) -> list[Maker]:
    """One maker of values for each column after the first, by turns."""
    said = _WORDS.get(encoding, _UNIVERSAL)

    def text(chance: Random) -> str:
        return " ".join(chance.choices(said, k=chance.randint(1, 3)))

    def amount(chance: Random) -> str:
        value = f"{chance.uniform(-100, 5000):.2f}"
        return value.replace(".", ",") if decimal_comma else value

    def day(chance: Random) -> str:
        return f"{chance.randint(1995, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"

    def contact(chance: Random) -> str:
        return f"{chance.choice(['ana', 'bo', 'cy'])}{chance.randint(1, 999)}@example.org"

    def code(chance: Random) -> str:
        return chance.choice(
            ["007", "NULL", "N/A", f"AB-{chance.randint(1, 99):03}", "C:\\temp", '6" pipe', "12:30", "1/2"]
        )

    def active(chance: Random) -> str:
        return chance.choice(["Y", "N", ""])

    def remark(chance: Random) -> str:
        return chance.choice(
            ["", '{"a": 1}', "<b>x</b>", "a=b;c", "50% off", "1,234", "#12", "-", "it's", chance.choice(said)]
        )

    return [text, text, amount, day, contact, code, active, remark]
