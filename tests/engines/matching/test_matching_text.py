"""Words: cutting, weighing, finding the best of many, related meaning."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotline.engines.matching import latent, search, text_index, text_search
from pilotline.engines.matching.catalogue import Catalogue
from pilotline.engines.matching.problem import Feedback, Problem
from pilotline.engines.matching.ranking import rank
from pilotline.engines.matching.schema import Record, Schema, TextField
from pilotline.engines.matching.solve import solve
from pilotline.engines.matching.text_index import invert, score_rows
from pilotline.engines.matching.text_search import best_rows
from pilotline.engines.matching.tokenise import Tokeniser, stem

TEXT = Schema(text_fields=(TextField("text", typical_length=4.0),))


def test_chinese_is_cut_into_characters_pairs_and_long_words() -> None:
    assert Tokeniser().words("反应釜") == ["反", "应", "釜", "反应", "应釜", "反应釜"]
    assert Tokeniser(use_dictionary=False).words("釜") == ["釜"]


def test_latin_is_folded_stemmed_and_freed_of_stop_words() -> None:
    words = Tokeniser().words("The Reactors, are ＧＭＰ grade: 500L 0.5t")
    assert words == ["react", "gmp", "grad", "500", "l", "0.5", "t"]


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("studies", "studi"),
        ("classes", "class"),
        ("gas", "gas"),
        ("drying", "dry"),
        ("controlled", "control"),
        ("hydrogenation", "hydrogenat"),
        ("ring", "ring"),
    ],
)
def test_stems(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed


def test_trade_words_join_the_dictionary() -> None:
    trade = Tokeniser(dictionary=("加氢反应釜",))
    assert "加氢反应釜" in trade.words("需要加氢反应釜一台")
    assert trade.query("加氢反应釜")["加氢反应釜"] == trade.word_weight


def test_a_dictionary_word_of_two_characters_counts_for_more_in_a_query() -> None:
    weights = Tokeniser().query("氢气")
    assert weights == {"氢": 1.0, "气": 1.0, "氢气": 1.5}


def test_synonyms_widen_a_query_at_less_weight() -> None:
    tokeniser = Tokeniser(synonyms=(("reactor", "反应釜"), ("dry", "干燥")), use_dictionary=False)
    weights = tokeniser.query("reactor")
    assert weights == {"react": 1.0, **dict.fromkeys(("反", "应", "釜", "反应", "应釜"), 0.4)}
    # A Latin phrase counts only as a whole word, a Chinese one wherever it stands.
    assert "干燥" not in tokeniser.query("dryer")
    assert tokeniser.query("搪瓷反应釜")["react"] == 0.4
    with pytest.raises(ValueError, match="synonym"):
        Tokeniser(synonym_weight=2.0)


def test_synonyms_find_what_plain_words_miss() -> None:
    records = [Record(1, texts={"text": "搪瓷反应釜"}), Record(2, texts={"text": "喷雾干燥塔"})]
    problem = Problem(words="reactor", must_match_text=True)
    plain = Catalogue(TEXT, records, Tokeniser())
    widened = Catalogue(TEXT, records, Tokeniser(synonyms=(("反应釜", "reactor"),)))
    assert solve(problem, plain).rows == ()
    assert [row.id for row in solve(problem, widened).rows] == [1]


def test_a_weightier_field_wins() -> None:
    schema = Schema(text_fields=(TextField("name", 5.0), TextField("case", 1.0)))
    records = [Record(1, texts={"case": "dryer"}), Record(2, texts={"name": "dryer"})]
    catalogue = Catalogue(schema, records)
    assert [i for i, _ in rank(Problem(words="dryer"), catalogue)] == [2, 1]


@st.composite
def postings(draw: st.DrawFn) -> tuple[text_index.TextIndex, list[int], list[float], int]:
    """A random index with words rare and common, and a query."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count, words = draw(st.integers(1, 400)), draw(st.integers(1, 30))
    shares = rng.random(words) ** draw(st.sampled_from((1, 3, 6)))
    held = rng.random((count, words)) < shares
    starts = np.concatenate(([0], np.cumsum(held.sum(axis=1)))).astype(np.int64)
    terms = np.nonzero(held)[1].astype(np.uint16)
    kinds = draw(st.sampled_from((1, 3, 60_000)))
    weights = rng.integers(1, kinds + 1, len(terms)).astype(np.uint16)
    index = invert(starts, terms, weights)
    asked = sorted(draw(st.sets(st.sampled_from(range(words)), min_size=1, max_size=10)))
    asked = [term for term in asked if term in index.vocabulary]
    factors = (rng.random(len(asked)) * 8 + 0.01).tolist()
    return index, asked, factors, draw(st.integers(1, 20))


@settings(max_examples=80, deadline=None)
@given(postings(), st.integers(1, 60), st.booleans())
def test_the_best_of_many_are_exact(
    case: tuple[text_index.TextIndex, list[int], list[float], int], at_once: int, some_dead: bool
) -> None:
    index, asked, weights, k = case
    terms, factors = np.array(asked, np.int64), np.array(weights)
    dead = np.arange(len(index)) % 3 == 1 if some_dead else None
    everything = score_rows(index, np.arange(len(index)), terms, factors)
    everything[dead if dead is not None else []] = 0
    expected = np.sort(everything[everything > 0])[::-1][:k]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_search, "POSTINGS_AT_ONCE", at_once)
        patch.setattr(text_search, "PROBED", 2)
        patch.setattr(text_search, "FEW", 1)
        patch.setattr(text_index, "DENSE_FROM", 1)
        patch.setattr(text_index, "DENSE_SHARE", 4)
        again = invert(index.starts, index.terms, index.weights)
        rows, scores = best_rows(again, terms, factors, k, dead)
    assert np.sort(scores)[::-1][:k] == pytest.approx(expected, abs=1e-12)
    assert scores == pytest.approx(everything[rows], abs=1e-12)
    if len(expected):
        ties = np.flatnonzero(everything >= expected[-1])
        assert set(ties.tolist()) <= set(rows.tolist())


def test_large_catalogues_answer_by_words_as_small_ones_do(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    vocabulary = [f"w{i}" for i in range(200)]
    shares = 1 / np.arange(1, 201) / (1 / np.arange(1, 201)).sum()
    texts = rng.choice(vocabulary, (600, 12), p=shares)
    catalogue = Catalogue(TEXT, [Record(i, texts={"text": list(t)}) for i, t in enumerate(texts)])
    catalogue.remove(5)
    catalogue.insert(Record(700, texts={"text": list(texts[5])}))
    problems = [
        Problem(words=tuple(texts[i][:6]), weights={"text": 1.0}, must_match_text=True)
        for i in range(20)
    ]
    plainly = [rank(problem, catalogue) for problem in problems]
    monkeypatch.setattr(search, "DENSE_FROM", 1)
    assert [rank(problem, catalogue) for problem in problems] == plainly
    assert solve(problems[0], catalogue).found is None


MEANING = (
    "pump impeller blade flow",
    "pump impeller casing flow",
    "impeller casing vibration",
    "yeast fermentation broth",
    "fermentation broth sugar",
    "yeast sugar culture",
)


def test_latent_meaning_finds_records_without_the_word() -> None:
    records = [Record(i, texts={"text": text}) for i, text in enumerate(MEANING)]
    catalogue = Catalogue(TEXT, records)
    model = latent.fit(catalogue.snapshot(), rank=2)
    weights = {"latent": 1.0}
    best = [i for i, _ in rank(Problem(words="pump", weights=weights), catalogue, latent=model)]
    assert set(best[:3]) == {0, 1, 2}
    catalogue.insert(Record(9, texts={"text": "casing impeller wear"}))
    totals = dict(rank(Problem(words="pump", weights=weights), catalogue, latent=model))
    assert totals[9] > 0.9 > 0.1 > totals[4]
    with pytest.raises(ValueError, match="latent"):
        rank(Problem(words="pump", weights=weights), catalogue)
    with pytest.raises(ValueError, match="rank"):
        latent.fit(catalogue.snapshot(), rank=0)


def test_latent_meaning_of_nothing_is_nothing() -> None:
    empty = Catalogue(TEXT)
    model = latent.fit(empty.snapshot())
    assert rank(Problem(words="pump", weights={"latent": 1.0}), empty, latent=model) == []


def test_feedback_learns_words_from_the_first_answers() -> None:
    records = [Record(i, texts={"text": text}) for i, text in enumerate(MEANING)]
    catalogue = Catalogue(TEXT, records)
    plain = solve(Problem(words="pump", must_match_text=True), catalogue)
    assert {row.id for row in plain.rows} == {0, 1}
    widened = solve(
        Problem(words="pump", must_match_text=True, feedback=Feedback(records=2, words=4)),
        catalogue,
    )
    assert [row.id for row in widened.rows][2] == 2


def test_one_catalogue_serves_many_threads_while_it_changes_and_merges() -> None:
    catalogue = Catalogue(TEXT, [Record(i, texts={"text": "stir heat"}) for i in range(200)])
    problem = Problem(words="stir", weights={"text": 1.0}, must_match_text=True, limit=1000)
    faults: list[object] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            found = [i for i, _ in rank(problem, catalogue)]
            # Records 0 to 99 are never touched, so every answer holds them, once.
            if len(set(found)) != len(found) or not set(range(100)) <= set(found):
                faults.append(found)

    def fold() -> None:
        while not done.is_set():
            catalogue.merge()

    threads = [threading.Thread(target=target) for target in (ask, ask, fold)]
    for thread in threads:
        thread.start()
    for i in range(100, 200):
        catalogue.remove(i)
        catalogue.insert(Record(1000 + i, texts={"text": "stir"}))
        catalogue.insert(Record(i, texts={"text": "stir mill"}))
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(catalogue) == 300
    assert len(rank(problem, catalogue)) == 300
