"""Annotated sentences to score the language pipeline on: CoNLL-U, DocBin, JSONL of names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.evaluation.rows import DataError, read_text, require_file

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

FORMS = "a .conllu or .spacy file, or a .jsonl of rows {tokens, tags}"

# Kinds of name as data sets call them, in the three of the pipeline; others do not count.
KINDS_OF_NAME = {
    "PER": "PER",
    "PERSON": "PER",
    "LOC": "LOC",
    "GPE": "LOC",
    "LOCATION": "LOC",
    "ORG": "ORG",
    "ORGANIZATION": "ORG",
    "CORPORATION": "ORG",
    "GROUP": "ORG",
}
COLUMNS = 10
FORM, LEMMA, UPOS, XPOS, FEATS, HEAD, DEPREL, MISC = 1, 2, 3, 4, 5, 6, 7, 9


def read_treebank(file: Path, vocab: Vocab) -> list[Doc]:
    """Read annotated documents; raise DataError for a file of another form or a broken one."""
    require_file(file, FORMS)
    readers = {".conllu": _read_conllu, ".spacy": _read_docbin, ".jsonl": _read_names}
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise DataError(f"{file} is none of the forms that can be scored: name {FORMS}.")
    docs = list(reader(file, vocab))
    if not docs:
        raise DataError(f"{file} holds no sentences.")
    return docs


def _read_docbin(file: Path, vocab: Vocab) -> Iterator[Doc]:
    from spacy.tokens import DocBin

    try:
        docs = list(DocBin().from_disk(file).get_docs(vocab))
    except Exception as error:
        raise DataError(f"{file} is no DocBin of spaCy: {type(error).__name__}.") from None
    for doc in docs:
        if doc.has_annotation("DEP"):
            yield from (sentence.as_doc() for sentence in doc.sents)
        else:
            yield doc


def _read_conllu(file: Path, vocab: Vocab) -> Iterator[Doc]:
    """Give a document for each sentence; words inside a multiword token stand without a space."""
    block: list[list[str]] = []
    for number, line in enumerate([*read_text(file).splitlines(), ""], 1):
        if line.startswith("#"):
            continue
        if line.strip():
            columns = line.split("\t")
            if len(columns) != COLUMNS:
                raise DataError(f"{file}, line {number}: {len(columns)} columns, not {COLUMNS}.")
            block.append(columns)
        elif block:
            yield _sentence(block, vocab, f"{file}, sentence before line {number}")
            block = []


def _sentence(block: list[list[str]], vocab: Vocab, where: str) -> Doc:
    from spacy.tokens import Doc

    spaced: dict[int, bool] = {}
    inside_to = 0
    rows: list[list[str]] = []
    try:
        for columns in block:
            if "." in columns[0]:
                continue  # an empty node of the enhanced graph
            free = "SpaceAfter=No" not in columns[MISC].split("|")
            if "-" in columns[0]:
                low, high = map(int, columns[0].split("-"))
                spaced.update(dict.fromkeys(range(low, high), False))
                spaced[high] = free
                inside_to = high
                continue
            at = int(columns[0])
            if at > inside_to:
                spaced[at] = free
            rows.append(columns)
        heads = [int(c[HEAD]) - 1 if int(c[HEAD]) else i for i, c in enumerate(rows)]
        return Doc(
            vocab,
            words=[c[FORM] for c in rows],
            spaces=[spaced[int(c[0])] for c in rows],
            tags=[_held(c[XPOS]) for c in rows],
            pos=[_held(c[UPOS]) for c in rows],
            morphs=[_held(c[FEATS]) for c in rows],
            lemmas=[c[LEMMA] for c in rows],
            heads=heads,
            deps=["ROOT" if c[HEAD] == "0" else c[DEPREL] for c in rows],
        )
    except (ValueError, KeyError, IndexError) as error:
        raise DataError(f"{where}: broken ({str(error)[:80]}).") from None


def _held(value: str) -> str:
    return "" if value == "_" else value


def _read_names(file: Path, vocab: Vocab) -> Iterator[Doc]:
    from spacy.tokens import Doc

    for number, line in enumerate(read_text(file).splitlines(), 1):
        try:
            row = json.loads(line)
            yield Doc(vocab, words=row["tokens"], ents=[_tag(tag) for tag in row["tags"]])
        except (ValueError, TypeError, KeyError):
            raise DataError(f"{file}, line {number}: no row of tokens and IOB tags.") from None


def _tag(tag: str) -> str:
    """Give an IOB tag in the pipeline's kinds of name; "" for a kind that it does not know."""
    if tag == "O":
        return tag
    kind = KINDS_OF_NAME.get(tag[2:].upper())
    return f"{tag[:2]}{kind}" if kind else ""
