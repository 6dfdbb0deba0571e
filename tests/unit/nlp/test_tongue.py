"""Which language a discussion is in."""

from __future__ import annotations

import pytest

from nlp.tongue import name_of, tongue

TEXTS = {
    "en": "I don't think that is a good idea, because children will learn less and the teachers have to do even more with the little money they get from us.",
    "de": "Ich glaube nicht, dass das eine gute Idee ist, weil die Kinder dann noch weniger lernen und die Lehrer sich noch mehr um alles kümmern müssen.",
    "es": "No creo que sea una buena idea porque los niños van a aprender menos y los profesores tienen que hacer más cosas con menos dinero en la escuela.",
    "fr": "Je ne pense pas que ce soit une bonne idée parce que les enfants vont moins apprendre et que les professeurs ont déjà trop de travail à faire.",
    "pt": "Não acho que seja uma boa ideia porque as crianças vão aprender menos e os professores já têm muito trabalho para fazer na escola com o dinheiro que há.",
    "ja": "私はこれは良い考えだとは思いません。子供たちが学ぶことが少なくなるからです。先生も大変です。",
    "ru": "Я не думаю, что это хорошая идея, потому что дети будут учиться меньше.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_a_language_is_told(code: str) -> None:
    """Running text of a language is told from English and from the others."""
    assert tongue(TEXTS[code]) == code


@pytest.mark.parametrize("text", ["", "Ja, genau.", "GG", "🙂" * 50, "x = 1\n" * 30, "de la la la"])
def test_what_is_unsure_counts_as_english(text: str) -> None:
    """Nobody is told that Crux cannot read their language because of a few words."""
    assert tongue(text) == "en"


def test_every_language_that_is_told_has_a_name() -> None:
    """People are told a name, not a code."""
    assert all(name_of(code) != code for code in TEXTS if code != "en")
