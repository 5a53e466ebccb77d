"""The layout of a file whose grammar is known: where its rows begin, what the columns are called, what stands above."""

from __future__ import annotations

from typing import Final

from walkaround.connectors.delimited.dialect import Dialect
from walkaround.connectors.delimited.header import could_be_header, is_header, kind_of
from walkaround.connectors.delimited.records import Grammar, Record
from walkaround.connectors.names import unique_names

BODY: Final = 200
"""Records that the header is held against."""
_TITLED: Final = 3
"""Fields of which one alone is filled in a title; of two, the other may well be missing."""


def layout(text: bytes, grammar: Grammar) -> Dialect:
    """Where the rows begin, what the columns are called, and what stands before them."""
    records = first_records(text, grammar, BODY)
    fields = usual_fields(records)
    first = next(
        (place for place, record in enumerate(records) if len(record.fields) == fields and not is_blank(record)), 0
    )
    if grammar.delimiter is None:
        first = next((place for place, record in enumerate(records) if record.fields != (b"",)), 0)
    first = _below_titles(records, first, fields)
    head, before = records[first] if records else Record((), 0), first
    body = [record.fields for record in records[first + 1 :] if len(record.fields) == fields]
    names, header = head.fields, is_header(head.fields, body)
    above = next((place for place in range(first - 1, -1, -1) if not is_blank(records[place])), None)
    if not header and above is not None and could_be_header(records[above].fields, fields):
        above_names, body, before, header = records[above].fields, [head.fields, *body], above, True
        head, names, fields = records[above], *_fit(above_names, body, fields)
    trailing = header and len(body) > 0 and fields > 1 and names[-1] == b"" and not any(row[-1] for row in body)
    if not header:
        names = (b"",) * fields
        while before and _is_spoiled_row(records[before - 1]):
            before -= 1
    kept = names[:-1] if trailing else names
    blank = sum(is_blank(record) for record in records[:before])
    return Dialect(
        grammar.delimiter,
        grammar.quote,
        grammar.escape,
        fields,
        trailing=trailing,
        padded=grammar.padded,
        blank=blank,
        names=unique_names([name.decode("utf-8", "replace").strip() for name in kept]),
        start=head.end if header else (records[before - 1].end if before else 0),
        preamble=before - blank,
        header=int(header),
    )


def _below_titles(records: list[Record], first: int, fields: int) -> int:
    """The header below title lines that a spreadsheet filled up with delimiters; `first` where there is none."""
    at = first
    while at < len(records) and (len(records[at].fields) != fields or _is_title(records[at])):
        at += 1
    if at in (first, len(records)) or fields < _TITLED:
        return first
    body = [record.fields for record in records[at + 1 :] if len(record.fields) == fields]
    return at if all(records[at].fields[:-1]) and is_header(records[at].fields, body) else first


def _is_title(record: Record) -> bool:
    return sum(bool(field.strip()) for field in record.fields) <= 1


def _is_spoiled_row(record: Record) -> bool:
    """Whether what stands right above the first row was to be one: it has a broken quote, or begins with a number."""
    return bool(record.trouble) or (len(record.fields) > 1 and kind_of(record.fields[0]) != "")


def _fit(names: tuple[bytes, ...], body: list[tuple[bytes, ...]], fields: int) -> tuple[tuple[bytes, ...], int]:
    """Names and number of fields where the header has not as many as the rows."""
    if len(names) == fields - 1:
        ends_empty = all(row[-1] == b"" for row in body)
        return ((*names, b"") if ends_empty else (b"", *names)), fields
    if len(names) == fields + 1 and names[-1] == b"":
        return names[:-1], fields
    return names, len(names)


def usual_fields(records: list[Record]) -> int:
    """The most usual number of fields; of equally usual ones, the first."""
    counts = [len(record.fields) for record in records if not record.trouble and not is_blank(record)]
    return max(counts, key=counts.count, default=1)


def is_blank(record: Record) -> bool:
    """Whether a record is an empty line, or one of spaces only."""
    return not record.trouble and len(record.fields) == 1 and not record.fields[0].strip()


def first_records(text: bytes, grammar: Grammar, most: int) -> list[Record]:
    """The first records of `text`, at `most` so many, broken ones among them."""
    records: list[Record] = []
    at = 0
    while at < len(text) and len(records) < most:
        records.append(grammar.record(text, at))
        at = records[-1].end
    return records
