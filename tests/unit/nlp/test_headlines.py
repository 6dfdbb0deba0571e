"""Headlines and the judges of how they are cut out, on invented sentences."""

from __future__ import annotations

import pytest

from nlp import headlines
from nlp.compression import MAX_WORDS
from nlp.edges import begins_badly, broken_gaps, ends_badly, loses_negation
from nlp.encoder import default_encoder
from nlp.fluency import default_fluency
from nlp.layout import Layout, is_clause, layout
from nlp.model import Post, Thread
from nlp.runs import contrast, left_open, runs_of, trimmed, with_articles, with_marks
from nlp.thread_view import Draft, ThreadView
from nlp.words import negations


def _headline(claim: str) -> str:
    (doc,) = headlines.parse([claim])
    draft = Draft(
        post="1", start=0, end=len(claim), text=claim, kind="claim", holder="author", confidence=0.9
    )
    worth = default_fluency().worth
    found = headlines.candidates(draft, doc, default_fluency())
    return max(found, key=lambda c: sum(worth * c.features)).text


def _read(text: str) -> Layout:
    (doc,) = headlines.parse([text])
    return layout(doc)


def _places(lay: Layout, words: str) -> tuple[int, ...]:
    """Give the tokens of words that stand in a text in this order."""
    found: list[int] = []
    for word in words.split():
        found.append(lay.low.index(word.lower(), found[-1] + 1 if found else 0))
    return tuple(found)


@pytest.mark.parametrize(
    ("claim", "headline"),
    [
        ("To be fair neither will my neighbours.", "Neither will my neighbours"),
        ("I think that the ferry is too slow.", "The ferry is too slow"),
        ("Let's be honest, most forms are never read.", "Most forms are never read"),
        ("no. the kettle stays in the kitchen", "The kettle stays in the kitchen"),
        ("@penny.lane the kettle stays in the kitchen", "The kettle stays in the kitchen"),
        (
            "Honestly, please just fix the typo on the help page.",
            "Just fix the typo on the help page",
        ),
    ],
)
def test_what_claims_nothing_is_left_out(claim: str, headline: str) -> None:
    """Openings, calls and fillers go where something else is said."""
    assert _headline(claim) == headline


def test_an_opening_stays_where_nothing_else_is_said() -> None:
    """A text that is an opening alone has no other words."""
    assert _read("In theory.").opening == frozenset()
    assert _read("In theory, yes it works.").opening


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("It's still very much a baker's town, so there is no need to ask why.", "baker's town"),
        (
            "By handing out a decent map for free they are effectively 'starving their rivals'.",
            "starving their rivals",
        ),
        ("Nobody waits for the tram, people walk or cycle.", "nobody waits for the tram"),
    ],
)
def test_a_run_between_marks_is_kept_whole(claim: str, said: str) -> None:
    """Whatever the parser makes of the rest."""
    assert said in _headline(claim).lower()


@pytest.mark.parametrize(
    "claim",
    [
        "That does not mean that the bridge is safe.",
        "It won't tell you that the valve is open.",
        "Nobody is stopping you from asking the warden yourself!",
        "This is not a heating problem, that's a window problem.",
    ],
)
def test_a_negation_that_governs_is_never_lost(claim: str) -> None:
    """Neither what stands under it, nor what is put in its place, is given as claimed without it."""
    headline = _headline(claim)
    assert negations(headline) % 2 == 1 or headline.endswith("a window problem")


def test_a_condition_is_not_claimed() -> None:
    """What stands under "if" is no headline by itself."""
    assert not _headline("It depends if you are feeding twenty guests.").startswith("You are")
    lay = _read("It depends if you are feeding twenty guests.")
    assert begins_badly(lay, _places(lay, "you are feeding twenty guests"), clause=True) == 1.0


def test_asides_in_brackets_and_single_quotes_are_not_read() -> None:
    """No bracket is left, and each word keeps the salience of its place."""
    claim = "The club lit two yards(and old sheds) for 'the winter fair' at last."
    assert "(" not in _headline(claim)
    (doc,) = headlines.parse([claim])
    assert doc.text == "The club lit two yards for the winter fair at last."
    start = claim.index("winter")
    draft = Draft(
        post="1", start=5, end=5 + len(claim), text=claim, kind="claim", holder="author",
        confidence=0.9, words=((5 + start, 5 + start + 6, 0.7),),
    )  # fmt: skip
    salience = headlines._salience(draft, doc)
    assert {doc[i].text for i, p in enumerate(salience) if p} == {"winter"}


def test_ends_are_judged_by_what_follows() -> None:
    """Good before a mark, bad before the object of a verb, after an article or in a comparison."""
    lay = _read("The town sold the old mill to a baker, and nobody asked why.")
    assert ends_badly(lay, _places(lay, "The town sold the old mill to a baker")) == 0.0
    assert ends_badly(lay, _places(lay, "The town sold")) >= 0.8
    assert ends_badly(lay, _places(lay, "The town sold the old mill to a")) == 1.0
    assert ends_badly(lay, _places(lay, "The town sold the old mill")) < 0.5


@pytest.mark.parametrize(
    ("claim", "headline"),
    [
        (
            "But I just don't get why the school lets in so many people who never study.",
            "I just don't get why the school lets…",
        ),
        (
            "And cold storage is why our bakers use it at all.",
            "Cold storage is why our bakers use it…",
        ),
    ],
)
def test_a_headline_that_cannot_end_says_that_it_goes_on(claim: str, headline: str) -> None:
    """Where a verb would stand without what it leans on: more words, then three dots."""
    assert _headline(claim) == headline
    assert len(headline.split()) <= MAX_WORDS


def test_a_run_left_open_takes_what_has_room() -> None:
    """To the next mark if that is near; never a word that hangs; no run with gaps."""
    lay = _read("The kettle works well with the old plug from home, and nobody minds.")
    kettle = _places(lay, "the kettle works")
    opened = left_open(lay, kettle, MAX_WORDS)
    assert opened == (_places(lay, "the kettle works well with the old plug"), True)
    assert left_open(lay, kettle, 10) == (
        _places(lay, "the kettle works well with the old plug from home"),
        False,
    )
    assert left_open(lay, kettle, 5) == (_places(lay, "the kettle works well"), True)
    assert left_open(lay, kettle, 3) == (kettle, True)
    assert left_open(lay, _places(lay, "the works"), MAX_WORDS) is None


def test_adverbs_do_not_hide_what_a_verb_leans_on() -> None:
    """What "compares well" leans on is missed where "with" follows, not where a mark does."""
    lay = _read("The kettle compares well with yours. The pan compares well.")
    assert ends_badly(lay, _places(lay, "the kettle compares")) >= 0.6
    assert ends_badly(lay, _places(lay, "the pan compares")) <= 0.3


def test_a_gap_that_takes_a_needed_word_is_broken() -> None:
    """Dropping "on" breaks what is kept after it, dropping a modifier does not."""
    lay = _read("They spend too much money on shiny buses.")
    assert broken_gaps(lay, _places(lay, "They spend money buses")) >= 1.0
    assert broken_gaps(lay, _places(lay, "They spend too much money on buses")) == 0.0


def test_contrast_keeps_what_is_denied_and_what_is_put() -> None:
    """What is no A but B gives A and B; "it isn't B" gives nothing."""
    lay = _read("Once a week isn't a burden, it's a habit.")
    ((denied, put),) = contrast(lay)
    assert [lay.text[i] for i in denied] == ["a", "burden"]
    assert [lay.text[i] for i in put] == ["a", "habit"]
    assert list(contrast(_read("Tea is fine, it isn't a habit."))) == []


def test_runs_are_short_and_whole() -> None:
    """At most eight words; a run that is too long loses its fillers first, then its articles."""
    lay = _read("the ferry really just needs a second crew for the winter, or a bridge.")
    runs = [" ".join(lay.text[i] for i in run) for run in runs_of(lay, MAX_WORDS)]
    assert "ferry needs second crew for winter" in runs
    assert all(2 <= sum(w.isalnum() for w in run.split()) <= MAX_WORDS for run in runs)


def test_articles_and_marks_come_back_where_there_is_room() -> None:
    """The words of a cut read as the text does."""
    lay = _read("The crew keeps the boat, people wait.")
    cut = _places(lay, "crew keeps boat people wait")
    assert [lay.text[i] for i in with_marks(lay, with_articles(lay, cut, MAX_WORDS))] == [
        "The", "crew", "keeps", "the", "boat", ",", "people", "wait",
    ]  # fmt: skip
    assert with_articles(lay, cut, 5) == cut


def test_a_clause_has_a_subject_and_a_finite_verb_or_commands() -> None:
    """A noun with its relative clause is none."""
    lay = _read("the guests who were late")
    assert not is_clause(lay, range(len(lay.text)))
    lay = _read("the guests were late")
    assert is_clause(lay, range(len(lay.text)))
    lay = _read("please sell bread")
    assert is_clause(lay, range(len(lay.text)))


def test_negation_before_a_run_governs_it() -> None:
    """It governs what stands under it, and no clause of its own."""
    lay = _read("Nobody reads the forms, they sign them.")
    assert not loses_negation(lay, _places(lay, "they sign them"))
    lay = _read("That does not mean that the bridge is safe.")
    assert loses_negation(lay, _places(lay, "the bridge is safe"))
    lay = _read("Selling the mill without a vote does not make it cheaper.")
    assert loses_negation(lay, _places(lay, "Selling the mill without a vote"))


def test_what_is_doubted_is_not_claimed() -> None:
    """What stands in "not clear if A and B are equal" is never told by itself."""
    lay = _read("It is not clear if the price of bread and the price of milk are equal.")
    assert loses_negation(lay, _places(lay, "price of milk are equal"))
    lay = _read("It is not cold here, and the price of milk is fair.")
    assert not loses_negation(lay, _places(lay, "the price of milk is fair"))


def test_edges_are_trimmed() -> None:
    """Joining words, tails and loose marks go."""
    lay = _read("and so the ferry is slow though")
    kept = trimmed(lay, range(len(lay.text)))
    assert " ".join(lay.text[i] for i in kept) == "the ferry is slow"


@pytest.mark.parametrize("text", ["", " ", "(", "()", "...", "?!", "'", '"', "a", "- - -", "🙂 🙂"])
def test_anything_can_be_read(text: str) -> None:
    """No text is too odd to be laid out, and none of these gives a run."""
    assert list(runs_of(_read(text), MAX_WORDS)) == []


def test_polish_leaves_no_loose_quote_and_no_bare_negation() -> None:
    """Quotes that lost their partner go; "n't" at the start is "not"."""
    assert headlines.polish('add another, namely "weight') == "Add another, namely weight"
    assert headlines.polish("n't going to be a hobby") == "Not going to be a hobby"
    assert headlines.polish('"Shipped more" does a lot of work').count('"') in (0, 2)


def test_two_words_are_no_headline_where_the_claim_is_short() -> None:
    """But for an interjection, it is told whole."""
    texts = ("Well, of course it worked.", "The ferry is late.")
    posts = tuple(Post(id=str(i), text=text) for i, text in enumerate(texts))
    drafts = tuple(
        Draft(post=p.id, start=0, end=len(p.text), text=p.text, kind="claim", holder="author",
              confidence=0.9)
        for p in posts
    )  # fmt: skip
    view = ThreadView(Thread(id="t", posts=posts), drafts, default_encoder().encode(texts))
    assert headlines.name(view, [(0,), (1,)]).groups == ("Of course it worked", "The ferry is late")


@pytest.mark.parametrize(
    "claim",
    [
        "Right-wing media do this every week",
        "First-time buyers are the ones who lose",
        "So-called experts never rode one",
    ],
)
def test_an_opening_is_a_word_of_its_own(claim: str) -> None:
    """What opens with "right" is "right, media do this", not "right-wing media"."""
    assert _headline(claim) == claim


def test_what_cannot_be_cut_says_where_it_stops() -> None:
    """Words that were left out at the end leave dots; a text that is short enough has none."""
    long = "I just don't get why the council lets in so many people who are not qualified"
    assert headlines.plain(long).endswith("…")
    assert headlines.plain("Nobody ever asked us") == "Nobody ever asked us"


def test_a_subject_waits_for_its_verb() -> None:
    """Nothing is said yet by "most of the reviews"."""
    lay = _read("Most of the reviews that people write there are paid for by the shops")
    assert ends_badly(lay, _places(lay, "most of the reviews")) >= 0.6
    whole = range(len(lay.low))
    assert ends_badly(lay, tuple(whole)) == 0.0


@pytest.mark.parametrize(
    ("claim", "kept"),
    [
        ("I doubt that they will ever pay it back", "doubt"),
        ("It is a myth that cats hate water and all of us have believed it for years", "myth"),
        ("It is wrong that nurses have to pay for parking at their own hospital", "wrong"),
        ("Rust is the second most common cause of failure in old bridges here", "most common"),
    ],
)
def test_what_turns_a_claim_round_stays(claim: str, kept: str) -> None:
    """What somebody doubts is not claimed, and the most common cause is not the cause."""
    assert kept in _headline(claim).lower()
