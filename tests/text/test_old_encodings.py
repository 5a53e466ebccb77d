"""Encodings from before UTF-8: told by their letters where that is plain, Windows-1252 elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from messy.reckoning import read

from walkaround.connectors.legacy import encoding_of

SAID = {
    "polish": ("cp1250", "Łukasz Wójcik, Grażyna, Białystok, Żywiec, Śląsk, Elżbieta Jabłońska, Ząbki, Brzeźno"),
    "czech": ("cp1250", "Jiří Dvořák, Žďár nad Sázavou, Příbram, Ústí nad Labem, České Budějovice, Lukáš, Třebíč"),
    "hungarian": ("cp1250", "Győr, Székesfehérvár, Nagy Erzsébet, Kovács Géza, Hódmezővásárhely, tükörfúrógép, űrhajó"),
    "turkish": ("cp1254", "İstanbul, Şişli, Çağlar, Beşiktaş, Oğuz Yıldız, Ağrı, Gümüşhane, Kadıköy, Eskişehir"),  # noqa: RUF001 - Turkish has that letter
    "russian": ("cp1251", "Алексей, Наталья Кузнецова, Самара, проспект Мира, возврат товара, квартира"),
    "russian on Unix": ("koi8-r", "Алексей, Наталья Кузнецова, Самара, проспект Мира, возврат товара, квартира"),
    "greek": ("cp1253", "Αθήνα, Γιώργος Παπαδόπουλος, Θεσσαλονίκη, οδός Ερμού, Πάτρα, Μαρία, παραγγελία"),
    "hebrew": ("cp1255", "ירושלים, תל אביב, דוד כהן, רחוב הרצל, חיפה, הזמנה חדשה"),
    "japanese": ("cp932", "高橋健一, 名古屋市中区, 合同会社, 発送済み, キャンセル, お問い合わせ, 確認中"),
    "japanese on Unix": ("euc_jp", "高橋健一, 名古屋市中区, 合同会社, 発送済み, キャンセル, お問い合わせ, 確認中"),
    "chinese": ("gb18030", "刘洋, 成都市武侯区, 科技有限公司, 已发货, 退款, 陈静, 待付款, 人民路一百号"),
    "taiwanese": ("big5", "陳小美, 臺北市大安區, 股份有限公司, 已出貨, 退貨, 高雄, 林志豪"),
    "korean": ("cp949", "김민수, 서울특별시 강남구, 주식회사, 배송완료, 취소, 이영희, 대구광역시"),
    "french": ("cp1252", "Gérard, François, Crème brûlée, À bientôt, fête, Noël, Ça va, garçon, maïs, hôpital"),
    "german": ("cp1252", "Übergröße, Hauptstraße, Köln, Grüße, Äpfel, Öl, Fußgänger, Müller, schön"),
    "spanish": ("cp1252", "Málaga, Logroño, Núñez, José, Cádiz, señor, ¿qué?, corazón, pingüino, Úbeda"),
    "nordic": ("cp1252", "Århus, Malmö, Øresund, Håkon, Åse, Bjørn, smörgåsbord, Næstved, Jönköping"),
    "western, all together": ("cp1252", "Gérard, Übergröße, Málaga, Logroño, Coração, João, Århus, Malmö, maïs, naïve"),
    "icelandic": ("cp1252", "Reykjavík, Þór, Ægir, Guðrún, Snæfellsjökull, Ísafjörður, Sigurður, ýsa, málið"),
    "too little": ("cp1252", "Łódź"),
}


@pytest.mark.parametrize("language", SAID)
def test_an_encoding_is_told_by_its_letters(language: str, tmp_path: Path) -> None:
    """Lines in an old encoding are read in it, and the notes name it; the West's own are never taken for another."""
    encoding, said = SAID[language]
    raw = said.encode("cp1250" if language == "too little" else encoding)
    assert encoding_of(raw) == encoding
    words = said.split(", ")
    path = tmp_path / "a.csv"
    path.write_bytes(
        b"id,word\n" + b"".join(f"{n},{word}\n".encode(encoding, "ignore") for n, word in enumerate(words))
    )
    sample, found = read(path)
    if language != "too little":
        assert [word for _, word in found] == words
        assert any(note.startswith(f"encoding {encoding}") for note in sample.facts.notes)


def test_what_is_no_letter_of_the_encoding_is_counted(tmp_path: Path) -> None:
    """A byte that the encoding has no letter for becomes a replacement character, and its record is counted."""
    lines = [f"{n},{word}\n".encode("cp932") for n, word in enumerate(SAID["japanese"][1].split(", "))]
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,word\n" + b"".join(lines) + b"9,\x81\n")
    sample, found = read(path)
    assert found[-1] == ("9", "\ufffd")
    assert dict(sample.records.repaired) == {"not cp932": 1}


def test_utf_8_between_lines_of_an_old_encoding(tmp_path: Path) -> None:
    """Lines in UTF-8 and lines in another encoding are each read in their own, and the latter counted."""
    words = SAID["russian"][1].split(", ") * 4
    lines = [f"{n},{word}\n".encode("cp1251" if n % 2 else "utf-8") for n, word in enumerate(words)]
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,word\n" + b"".join(lines))
    sample, found = read(path)
    assert [word for _, word in found] == words
    assert dict(sample.records.repaired) == {"cp1251": len(words) // 2}
    assert "encoding utf-8 and cp1251 mixed" in sample.facts.notes
