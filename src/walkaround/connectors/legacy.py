"""Which old encoding some text is in, told by the letters that it would have; Windows-1252 where nobody can tell.

Bytes beyond ASCII read as something in every one-byte encoding. What tells them apart is that only the right one gives
the letters of one language. So each language is tried; it must explain nearly all letters, and no language of Western
Europe may.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

DEFAULT: Final = "cp1252"
"""What text is taken to be in that is no UTF-8 and shows no other language."""

_ENOUGH: Final = 12
"""Letters beyond ASCII below which nothing is told ..."""
_UNLIKE: Final = 5
"""... and unlike ones among them: three names with an accent are in every encoding."""
_EXPLAINED: Final = 0.97
"""Share of letters that a language must explain; the rest are names from elsewhere."""
_IDEOGRAPHS: Final = 0.9
"""The same where the common letters are thousands, and names have others."""
_WESTERN: Final = 0.9
"""Share of letters that a language of Western Europe may explain at most, for another encoding to be believed."""
_FREQUENT: Final = 0.45
"""Share that the most frequent letters of a language must have where alphabets fill the same bytes ..."""
_USUAL: Final = 0.6
"""... and the share that they have in running text."""
_TOGETHER: Final = 0.7
"""Share of letters that stand beside another one in scripts that are not Latin; accents stand alone."""
_KANA: Final = 0.05
"""Share of kana below which EUC-JP is not told from GB 18030."""

_BESIDE: Final = re.compile("[^\x00-\x7f]{2,}")
_NEUTRAL: Final = frozenset(
    "«»\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2026€§©®™°ºª·•№±\u00a0"
    "\u3000、。\uff0c\uff1a\uff1b\uff08\uff09\uff1f\uff01・「」ー"
)
"""Signs that text of any language has."""

_WEST: Final = (
    "éèêàâùûçîïôœæëüÿ", "äöüßé", "áéíóúñü¿¡", "ãõáéíóúâêôçàü", "àèéìòùî", "æøåéè", "åäöé", "áðéíóúýþæö", "éëïöüèêóá",
    "àèéíïòóúüç",
)  # fmt: skip
"""Letters beyond ASCII of French, German, Spanish, Portuguese, Italian, Danish and Norwegian, Swedish and Finnish,
Icelandic, Dutch, Catalan."""


@dataclass(frozen=True, slots=True)
class _Language:
    """A language in one encoding: whether a letter is of it, and is one of its frequent ones."""

    encoding: str
    has: Callable[[str], bool]
    frequent: Callable[[str], bool] | None = None
    explained: float = _EXPLAINED
    latin: bool = False


def _of(letters: str) -> Callable[[str], bool]:
    return frozenset(letters + letters.upper()).__contains__


def _led(encoding: str, first: int, last: int) -> Callable[[str], bool]:
    """Letters whose first byte lies where an encoding has its common ideographs."""

    def has(letter: str) -> bool:
        raw = letter.encode(encoding, "ignore")
        return len(raw) > 1 and first <= raw[0] <= last

    return has


def _is_kana(letter: str) -> bool:
    return "\u3041" <= letter <= "\u30fe"


_RUSSIAN: Final = (_of("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ"), _of("оеаинтсрвліі"))
_GREEK: Final = (_of("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"), _of("αοιετσςνηυρόίά"))
_HEBREW: Final = (_of("אבגדהוזחטיכךלמםנןסעפףצץקרשת"), _of("יוהלארמםשתבנ"))
_JIS: Final = _led("cp932", 0x88, 0x97)
_LANGUAGES: Final = (
    _Language("cp1250", _of("ąćęłńóśźż"), latin=True),
    _Language("cp1250", _of("áčďéěíňóřšťúůýž"), latin=True),
    _Language("cp1250", _of("áäčďéíĺľňóôŕšťúýž"), latin=True),
    _Language("cp1250", _of("áéíóöőúüű"), latin=True),
    _Language("cp1250", _of("čćđšž"), latin=True),
    _Language("cp1250", _of("ăâîşţ"), latin=True),
    _Language("cp1254", _of("çğıöşüâîİ"), latin=True),
    _Language("cp1257", _of("ąčęėįšųūž"), latin=True),
    _Language("cp1257", _of("āčēģīķļņšūž"), latin=True),
    *(_Language(encoding, *_RUSSIAN) for encoding in ("cp1251", "koi8-r", "cp866")),
    _Language("cp1253", *_GREEK),
    _Language("cp1255", *_HEBREW),
    _Language("cp949", _led("euc_kr", 0xB0, 0xC8), explained=_IDEOGRAPHS),
    _Language("euc_jp", lambda letter: _is_kana(letter) or _JIS(letter), explained=_IDEOGRAPHS),
    _Language("cp932", lambda letter: _is_kana(letter) or _JIS(letter), explained=_IDEOGRAPHS),
    _Language("gb18030", _led("gb2312", 0xB0, 0xD7), explained=_IDEOGRAPHS),
    _Language("big5", _led("big5", 0xA4, 0xC6), explained=_IDEOGRAPHS),
)
"""Where two explain the same bytes, the earlier one has fewer letters, and so the better claim."""


def encoding_of(text: bytes) -> str:
    """The encoding of lines that are no UTF-8: another than Windows-1252 only where that is plain.

    >>> encoding_of("Łódź, Częstochowa, Zażółć gęślą jaźń".encode("cp1250"))
    'cp1250'
    >>> encoding_of("Müller, São Paulo, déjà vu, señor Núñez".encode("cp1252"))
    'cp1252'
    """
    western = _letters(text.decode(DEFAULT, "replace"))
    if western.total() < _ENOUGH or len(western) < _UNLIKE:
        return DEFAULT
    if max(_share(western, _of(letters)) for letters in _WEST) > _WESTERN:
        return DEFAULT
    readings = {encoding: text.decode(encoding, "replace") for encoding in {spoken.encoding for spoken in _LANGUAGES}}
    best, encoding = 0.0, DEFAULT
    for language in _LANGUAGES:
        claim = _claim(language, readings[language.encoding])
        if claim > best:
            best, encoding = claim, language.encoding
    return encoding


def _claim(language: _Language, read: str) -> float:
    """How well a language explains the letters; 0.0 where it does not."""
    letters = _letters(read)
    share = _share(letters, language.has)
    if share < language.explained:
        return 0.0
    if language.encoding == "euc_jp" and _share(letters, _is_kana) < _KANA:
        return 0.0
    if not language.latin and sum(map(len, _BESIDE.findall(read))) < _TOGETHER * letters.total():
        return 0.0
    if language.frequent is None:
        return share
    frequent = _share(letters, language.frequent)
    return share * min(1.0, frequent / _USUAL) if frequent > _FREQUENT else 0.0


def _letters(read: str) -> Counter[str]:
    """The letters beyond ASCII, with the replacement character for bytes that are none."""
    return Counter({sign: count for sign, count in Counter(read).items() if sign > "\x7f" and sign not in _NEUTRAL})


def _share(letters: Counter[str], has: Callable[[str], bool]) -> float:
    total = letters.total()
    return sum(count for letter, count in letters.items() if has(letter)) / total if total else 0.0
