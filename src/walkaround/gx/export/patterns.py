r"""Patterns that mean the same to every engine: Python's `re` (pandas, SQLite), RE2 (pandas on Arrow), Java's, Rust's.

They keep to what these share: explicit classes of ASCII, `^` and `$`, groups that capture nothing, and no `\d`, `\w`,
`\b`, look-around, or flag but a leading `(?i)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from walkaround.columns.dates import EITHER
from walkaround.columns.words import MISSING_WORDS

NOT_BLANK: Final = r"[^ \t\r\n]"
"""Found in every text that says anything."""
OF_SIGN: Final[Mapping[str, str]] = {
    "padded": r"^[ \t\r\n]|[ \t\r\n]$",
    "doubled": r"  ",
    "control": r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]",
    "damaged": "\N{REPLACEMENT CHARACTER}|[\N{LATIN CAPITAL LETTER A WITH CIRCUMFLEX}"
    "\N{LATIN CAPITAL LETTER A WITH TILDE}][\\x80-\\xbf]|\N{LATIN SMALL LETTER A WITH CIRCUMFLEX}\N{EURO SIGN}"
    "|[\\x80-\\x9f]",
    "upper": r"^[^a-z]*[A-Z][^a-z]*$",
    "lower": r"^[^A-Z]*[a-z][^A-Z]*$",
    "mixed": r"[a-z][^A-Z]*[A-Z]|[A-Z][^a-z]*[a-z]",
}
"""The texts that have a sign of `Texture`."""

_CLASSES: Final = {"9": "[0-9]+", "A": "[A-Z]+", "a": "[a-z]+", "w": r"[^\x00-\x7f]+", " ": " +"}
"""What the letters of a shape stand for."""
_CUT: Final = "…"
"""Ends a shape that was cut: what follows is not known."""
_PART: Final = re.compile(r"(?P<run>[9Aaw])(?:\+|$)|(?P<sign>.)", re.DOTALL)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_SHOWS: Final = {
    "padded": re.compile("^ | $"),
    "doubled": re.compile(" "),
    "control": _CONTROL,
    "damaged": re.compile("w"),
    "upper": re.compile("^[^a]*A[^a]*$"),
    "lower": re.compile("^[^A]*a[^A]*$"),
    "mixed": re.compile("a.*A|A.*a", re.DOTALL),
}
"""The shapes whose texts may have a sign; a run of spaces is one in a shape."""
_DIRECTIVES: Final = {
    "%Y": "[0-9]{4}", "%y": "[0-9]{2}", "%m": "[0-9]{1,2}", "%d": "[0-9]{1,2}", "%e": "[0-9]{1,2},?",
    "%H": "[0-9]{1,2}", "%I": "[0-9]{1,2}", "%M": "[0-9]{2}", "%S": "[0-9]{2}(?:[.,][0-9]{1,9})?",
    " %p": " ?[A-Za-z][.]?[A-Za-z][.]?",
    "%b": "[A-Za-z]{3}[.]?,?", "%B": "[A-Za-z]{3,9}[.]?,?", "%z": " ?(?:[A-Za-z]{1,3}|[-+][0-9]{2}:?[0-9]{2})",
}  # fmt: skip
"""How the parts of a date may be written so that it is still read in that format; %e is a day beside a named month."""
_NAMED_MONTH: Final = re.compile("%[bB]")
_DIRECTIVE: Final = re.compile(r"(?P<gap> (?=%[HI]))|(?P<known> %p|%[A-Za-z])|(?P<sign>.)", re.DOTALL)


def portable(shapes: Iterable[str]) -> bool:
    """Whether no shape has control characters, on which engines differ."""
    return not any(map(_CONTROL.search, shapes))


def rules_out(shapes: Iterable[str], sign: str) -> bool:
    """Whether no text of these shapes can have a sign of `Texture`.

    >>> rules_out(["A+-9+"], "lower"), rules_out(["A+ 9+"], "doubled")
    (True, False)
    """
    return not any(_CUT in shape or _SHOWS[sign].search(shape) for shape in shapes)


def of_shape(shape: str) -> str:
    """The texts of one shape.

    >>> of_shape("A+-9+")
    '^[A-Z]+-[0-9]+$'
    """
    whole = shape.removesuffix(_CUT)
    parts = (_CLASSES[found["run"]] if found["run"] else _sign(found["sign"]) for found in _PART.finditer(whole))
    return f"^{''.join(parts)}{'$' if whole == shape else ''}"


def of_date_formats(labels: Iterable[str]) -> list[str]:
    """The texts of some strftime formats, a pattern each.

    >>> of_date_formats(["%Y-%m-%d"])
    ['^ *[0-9]{4}-[0-9]{1,2}-[0-9]{1,2} *$']
    """
    return sorted({_of_date_format(label) for labels_of_one in labels for label in labels_of_one.split(EITHER)})


def of_missing_words(words: tuple[str, ...] | None) -> str:
    """The texts that are a word for nothing, in any case: of these words, or of the usual ones."""
    known = sorted(MISSING_WORDS if words is None else {word.strip().lower() for word in words if word.strip()})
    return f"(?i)^ *(?:{'|'.join(''.join(map(_sign, word)) for word in known)}) *$"


def _of_date_format(label: str) -> str:
    parts = (
        "(?:[A-Za-z ]|, )" if found["gap"] else _DIRECTIVES[found["known"]] if found["known"] else _sign(found["sign"])
        for found in _DIRECTIVE.finditer(label.replace("%d", "%e") if _NAMED_MONTH.search(label) else label)
    )
    return f"^ *{''.join(parts)} *$"


def _sign(sign: str) -> str:
    r"""One character that stands for itself; in a class where it means something else, as `[.]` reads better than `\.`.

    >>> _sign("."), _sign("-"), _sign("^")
    ('[.]', '-', '\\^')
    """
    if sign in "\\^[]":
        return f"\\{sign}"
    if sign == " ":
        return _CLASSES[" "]
    return f"[{sign}]" if sign in ".+*?(){}|$#&~" else sign
