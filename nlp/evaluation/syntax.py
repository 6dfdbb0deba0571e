"""Tags, lemmas, trees and names against a treebank, with gold tokens and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

BATCH = 256  # documents parsed together


@dataclass(frozen=True, kw_only=True)
class SyntaxScores:
    """Shares of tokens that are right (0 to 1), and F1 of named entities; None where none is gold.

    `las` is the labelled attachment score: head and label right, language-specific parts of labels
    included; lemmas are compared without case.
    """

    sentences: int
    tokens: int
    upos: float | None
    xpos: float | None
    lemma: float | None
    uas: float | None
    las: float | None
    ner: float | None


def score_documents(nlp: Language, gold: Sequence[Doc]) -> SyntaxScores:
    """Run the pipeline on the gold tokens and sentences of documents, and score what it says."""
    from spacy.tokens import Doc

    bare = []
    for doc in gold:
        copy = Doc(
            nlp.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc]
        )
        cut = doc.has_annotation("SENT_START")
        for mine, theirs in zip(copy, doc, strict=True):
            mine.is_sent_start = bool(theirs.is_sent_start) if cut else mine.i == 0
        bare.append(copy)
    found = list(nlp.pipe(bare, batch_size=BATCH))
    pairs = [(a, b) for f, g in zip(found, gold, strict=True) for a, b in zip(f, g, strict=True)]
    tagged = [(a, b) for a, b in pairs if b.pos]
    trees = [(a, b) for a, b in pairs if b.dep]
    return SyntaxScores(
        sentences=sum(len(list(d.sents)) if d.has_annotation("SENT_START") else 1 for d in gold),
        tokens=len(pairs),
        upos=_share([a.pos == b.pos for a, b in tagged]),
        xpos=_share([a.tag == b.tag for a, b in pairs if b.tag]),
        lemma=_share([a.lemma_.lower() == b.lemma_.lower() for a, b in pairs if b.lemma]),
        uas=_share([a.head.i == b.head.i for a, b in trees]),
        las=_share([a.head.i == b.head.i and a.dep == b.dep for a, b in trees]),
        ner=_ner(found, gold),
    )


def _share(right: Sequence[bool]) -> float | None:
    return round(sum(right) / len(right), 4) if right else None


def _ner(found: Sequence[Doc], gold: Sequence[Doc]) -> float | None:
    """F1 of exact spans and kinds, over the documents whose every token is known to be in or out.

    A found span that touches a token of unknown standing is not counted.
    """
    hits = guessed = wanted = 0
    for mine, theirs in zip(found, gold, strict=True):
        unknown = {t.i for t in theirs if not t.ent_iob}
        if len(unknown) == len(theirs):
            continue
        names = {(e.start, e.end, e.label_) for e in theirs.ents}
        guesses = {
            (e.start, e.end, e.label_)
            for e in mine.ents
            if unknown.isdisjoint(range(e.start, e.end))
        }
        hits += len(names & guesses)
        guessed += len(guesses)
        wanted += len(names)
    return round(2 * hits / (guessed + wanted), 4) if guessed + wanted else None


def evaluate_syntax(file: Path) -> dict[str, Any]:
    """Score the shipped pipeline on a treebank or a file of names; raise DataError."""
    from nlp.evaluation.treebank import read_treebank
    from nlp.language import pipeline

    nlp = pipeline()
    docs = read_treebank(file, nlp.vocab)
    names_alone = not any(doc.has_annotation("DEP") for doc in docs)
    with nlp.select_pipes(enable=[n for n in nlp.pipe_names if n == "ner" or not names_alone]):
        scores = score_documents(nlp, docs)
    return {"with": "gold tokens and sentences", **asdict(scores)}
