"""Recipes: how a file is written, drawn by seed, and how a value looks in it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from random import Random
from typing import Final

from messy import words

DELIMITERS: Final = (",", ";", "|", "\t", "||", ":", "~", "^", "\x01")
SPOILERS: Final = frozenset({"short rows", "long rows", "unclosed quotes", "stray quotes"})
DEFECTS: Final = (
    "short rows", "long rows", "unclosed quotes", "stray quotes", "blank lines", "comments", "preamble", "footer",
    "NULs", "cut record", "cut archive", "repeated names", "nameless", "spaces", "long field", "quoted newlines",
)  # fmt: skip
MARKS: Final = {
    "utf-8-sig": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE, "utf-32-be": codecs.BOM_UTF32_BE,
}  # fmt: skip
ENCODINGS: Final = (
    "utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16-le bare", "utf-16-be bare", "utf-32-le", "utf-32-be",
    "utf-32-le bare", "cp1252", "latin-1", "mixed", "cp1250", "cp1251", "shift_jis", "gbk",
)  # fmt: skip
STYLES: Final = ("none", "minimal", "all", "text")
FEATURES: Final = (
    *(f"delimiter {mark!r}" for mark in DELIMITERS), *(f"encoding {name}" for name in ENCODINGS),
    *(f"style {name}" for name in STYLES), *DEFECTS, "apostrophes", "backslashes", "bare backslashes",
    "end '\\r'", "end '\\r\\n'", "end mixed", "no header", "trailing delimiter", "one column", "wide", "no last end",
    "packed gz", "packed zst", "packed zip", "packed bz2", "packed xz",
)  # fmt: skip
"""One of these is in every file, by turns, so that each is in as many; more come by chance."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one file is written; `delimiter` "" where there is one column."""

    seed: int
    features: tuple[str, ...]
    delimiter: str = ","
    quote: str = '"'
    escape: str = "doubled"
    style: str = "minimal"
    encoding: str = "utf-8"
    end: str = "\n"
    last_end: bool = True
    columns: int = 6
    rows: int = 30
    header: bool = True
    trailing: bool = False
    packed: str = ""
    defects: frozenset[str] = frozenset()

    @property
    def codec(self) -> str:
        """Python's name of the encoding."""
        return "utf-8" if self.encoding == "utf-8-sig" else self.encoding.removesuffix(" bare")

    @property
    def mark(self) -> bytes:
        """The byte-order mark at the start."""
        return MARKS.get(self.encoding, b"")


def draw(seed: int, chance: Random) -> Recipe:
    """The recipe of a seed: its own feature and up to four more that go with it."""
    chosen = [FEATURES[seed % len(FEATURES)], *chance.sample(FEATURES, chance.choice([0, 1, 1, 2, 2, 3, 4]))]
    recipe = Recipe(seed, (), rows=chance.randint(12, 60), columns=chance.randint(4, 9))
    said: dict[str, object] = {}
    defects: set[str] = set()
    features = []
    for feature in dict.fromkeys(chosen):
        changes = _changes(feature, chance)
        if set(changes) & set(said) or not _goes_with(feature, features):
            continue
        features.append(feature)
        said |= changes
        if feature in DEFECTS:
            defects.add(feature)
    said.setdefault("style", chance.choice(["minimal", "minimal", "all", "text"]))
    fields = {name: getattr(recipe, name) for name in recipe.__dataclass_fields__}
    return Recipe(**{**fields, **said, "features": tuple(features), "defects": frozenset(defects)})


def _changes(feature: str, chance: Random) -> dict[str, object]:
    """What of the recipe a feature decides; nobody else may then."""
    word, _, value = feature.partition(" ")
    if word == "delimiter":
        return {"delimiter": DELIMITERS[FEATURES.index(feature)]}
    if word in ("encoding", "style", "packed"):
        return {word: value}
    if word == "end":
        return {"end": {"'\\r'": "\r", "'\\r\\n'": "\r\n"}.get(value, "mixed")}
    plain: dict[str, dict[str, object]] = {
        "apostrophes": {"quote": "'"},
        "backslashes": {"escape": "backslash", "style": chance.choice(["minimal", "all", "text"])},
        "bare backslashes": {"escape": "backslash", "style": "none"},
        "no header": {"header": False},
        "trailing delimiter": {"trailing": True},
        "one column": {"delimiter": "", "columns": 1, "trailing": False},
        "wide": {"columns": chance.choice([60, 200])},
        "no last end": {"last_end": False},
        "unclosed quotes": {"style": chance.choice(["minimal", "all", "text"])},
        "stray quotes": {"style": chance.choice(["minimal", "all", "text"])},
        "quoted newlines": {"style": chance.choice(["minimal", "all", "text"])},
        "cut archive": {"packed": chance.choice(["gz", "zip"])},
        "NULs": {"encoding": "utf-8"},
    }
    return plain.get(feature, {})


_APART: Final = (
    {"cut record", "cut archive"}, {"cut record", "footer"}, {"cut archive", "footer"}, {"cut record", "no last end"},
    {"cut archive", "blank lines"}, {"cut archive", "comments"}, {"cut archive", "no last end"},
    {"cut record", "comments"},
    {"cut record", "blank lines"},
    {"one column", "short rows"}, {"one column", "long rows"}, {"one column", "unclosed quotes"},
    {"one column", "stray quotes"}, {"one column", "comments"}, {"one column", "footer"}, {"one column", "preamble"},
    {"one column", "no header"}, {"one column", "cut record"}, {"one column", "spaces"}, {"one column", "blank lines"},
    {"one column", "nameless"}, {"one column", "repeated names"},
    {"no header", "repeated names"}, {"no header", "nameless"}, {"no header", "trailing delimiter"},
    {"repeated names", "nameless"}, {"no header", "preamble"}, {"trailing delimiter", "nameless"},
    {"spaces", "bare backslashes"}, {"spaces", "style none"}, {"cut archive", "unclosed quotes"},
)  # fmt: skip
"""Features that are not drawn together: what comes of both nobody can tell, or the oracle says it for one alone."""


def _goes_with(feature: str, others: list[str]) -> bool:
    return not any(feature in pair and pair & set(others) for pair in _APART)


def table(recipe: Recipe, chance: Random) -> list[tuple[str, ...]]:
    """The values, row by row: the first column counts, the others are of all kinds by turns."""
    makers = words.makers(recipe.encoding, decimal_comma=recipe.delimiter == ";")
    rows = []
    for number in range(1, recipe.rows + 1):
        row = [str(number), *(makers[(n - 1) % len(makers)](chance) for n in range(1, recipe.columns))]
        if recipe.columns == 1:
            row = [makers[0](chance) or "x"]
        rows.append(tuple(row))
    seasoned = [_seasoned(row, place, recipe, chance) for place, row in enumerate(rows)]
    if recipe.style == "none" and recipe.escape == "doubled" and recipe.delimiter:
        return [tuple(value.replace(recipe.delimiter, " ") for value in row) for row in seasoned]
    return seasoned


def _seasoned(row: tuple[str, ...], place: int, recipe: Recipe, chance: Random) -> tuple[str, ...]:
    """A row with what makes quoting needed, and with the oddities of the recipe, in its second column."""
    at = min(1, len(row) - 1)
    value = row[at]
    often = place % 5 == 2
    if recipe.style != "none" and often:
        mark = recipe.delimiter or ","
        value += chance.choice([mark, recipe.quote, f"{mark} {recipe.quote}a{recipe.quote}", recipe.quote + mark])
    if recipe.escape == "backslash" and place % 4 == 1:
        value += f" a{recipe.delimiter}b" if recipe.style == "none" else f" {recipe.quote}a{recipe.quote} b"
    if "quoted newlines" in recipe.defects and often:
        value += chance.choice(["\nnext", "\r\nnext", "\n\nnext " + recipe.quote, "\n"])
    if "NULs" in recipe.defects and place % 9 == 4:
        value += "\0end"
    if "long field" in recipe.defects and place == recipe.rows // 2:
        value += "long " * chance.choice([2_000, 40_000])
    return (*row[:at], value, *row[at + 1 :])


def written(row: tuple[str, ...], recipe: Recipe, chance: Random) -> tuple[str, tuple[str, ...]]:
    """A row as it stands in the file, and as it must be read: spaces around quotes go, those of plain values stay."""
    fields = [quoted(value, recipe, number=_is_number(value)) for value in row]
    read = list(row)
    if "spaces" in recipe.defects:
        for place in range(1, len(fields)):
            pad = " " * chance.choice([1, 1, 1, 2])
            if not fields[place].startswith(recipe.quote):
                read[place] = pad + read[place]
            fields[place] = pad + fields[place]
    return joined(fields, recipe), tuple(read)


def quoted(value: str, recipe: Recipe, *, header: bool = False, number: bool = False) -> str:
    """A value as the recipe writes it."""
    quote, mark = recipe.quote, recipe.delimiter
    if recipe.style == "none":
        return _bare(value, recipe)
    needed = value != value.strip("\r\n") or any(sign and sign in value for sign in (mark, quote, "\n", "\r"))
    needed = needed or (not value and recipe.columns == 1)
    needed = needed or (len(mark) > 1 and mark[0] in value)
    if recipe.style == "minimal" and not needed:
        return value
    if recipe.style == "text" and not needed and (number or header or not value):
        return value
    if recipe.escape == "backslash":
        return quote + value.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote
    return quote + value.replace(quote, quote * 2) + quote


def joined(fields: list[str], recipe: Recipe) -> str:
    """Fields of a record, with the delimiter after the last where the recipe has one."""
    return recipe.delimiter.join(fields) + (recipe.delimiter if recipe.trailing else "")


def written_names(recipe: Recipe) -> tuple[str, ...]:
    """The names as the header has them."""
    names = [words.NAMES[n] if n < len(words.NAMES) else f"field {n}" for n in range(recipe.columns)]
    if "repeated names" in recipe.defects:
        names[2] = names[1]
    if "nameless" in recipe.defects:
        names[2] = ""
    return tuple(names)


def read_names(recipe: Recipe) -> tuple[str, ...]:
    """The names that the columns must have."""
    if not recipe.header:
        return tuple(f"column_{n}" for n in range(1, recipe.columns + 1))
    names = list(written_names(recipe))
    if "repeated names" in recipe.defects:
        names[2] = f"{names[1]}.1"
    if "nameless" in recipe.defects:
        names[2] = "column_3"
    return tuple(names)


def _bare(value: str, recipe: Recipe) -> str:
    if recipe.escape == "backslash":
        value = value.replace("\\", "\\\\")
        return value.replace(recipe.delimiter, "\\" + recipe.delimiter) if recipe.delimiter else value
    return value


def _is_number(value: str) -> bool:
    return value.replace(".", "").replace(",", "").isdigit()
