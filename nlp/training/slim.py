"""Leave out of a written pipeline the strings that nothing in it needs.

Disturbed words of training stay in the vocabulary of a pipeline: eight in ten of its strings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.pipeline._edit_tree_internals.edit_trees import EditTrees
from spacy.strings import StringStore

from nlp.training.treebanks import Sentence


def slim(folder: Path, nlp: Language, sources: Sequence[Sequence[Sentence]]) -> None:
    """Rewrite `vocab/strings.json` of the pipeline in `folder`, which was written from `nlp`.

    What stays: the words that have a vector, the labels of all components, what every English
    pipeline knows, and what the lemmatizer puts in place of what it takes off.
    """
    file = folder / "vocab" / "strings.json"
    known: list[str] = json.loads(file.read_text(encoding="utf-8"))
    needed = {
        *_of_lemmas(nlp, sources),
        *spacy.blank("en").vocab.strings,
        *(nlp.vocab.strings[key] for key in nlp.vocab.vectors),
        *_of_labels(label for name in nlp.pipe_names for label in nlp.pipe_labels.get(name, ())),
    }
    kept = [string for string in known if string in needed]
    file.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


def _of_labels(labels: Iterable[str | int]) -> set[str]:
    parts = [str(label) for label in labels]
    return {piece for part in parts for piece in (part, *part.replace("=", "|").split("|"))}


def _of_lemmas(nlp: Language, sources: Sequence[Sequence[Sentence]]) -> set[str]:
    """Strings of the edit trees that are labels, read off the treebanks' own words."""
    lemmatizer = nlp.get_pipe("trainable_lemmatizer")
    labels = set(lemmatizer.cfg["labels"])  # type: ignore[attr-defined]
    strings = StringStore()
    trees = EditTrees(strings)
    pairs = {(word.text, word.lemma) for source in sources for s in source for word in s}
    for form, lemma in sorted(pair for pair in pairs if pair[1]):
        if lemmatizer.trees.add(form, lemma) in labels:  # type: ignore[attr-defined]
            trees.add(form, lemma)
    return set(strings)
