"""Cleaned text: facts checked, corpora read from a small data folder, measures worked out by hand, and the command."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from click.testing import CliRunner

from mtcheck import guards, pipeline
from mtcheck.cli import main
from mtcheck.engines import Engines
from mtcheck.evaluation import clean, corpora, texts
from mtcheck.evaluation.clean import NOTHING, Cleaned, evaluate, measure, narrowed, untouched
from mtcheck.evaluation.cleaners import Reviewed, RuleFixes, ablations
from mtcheck.evaluation.corpora import POST_EDIT, REFERENCE, Corpus, Line
from mtcheck.evaluation.facts import broken
from mtcheck.evaluation.table import changes_shown, clean_table
from mtcheck.schema import Document
from mtcheck.settings import Settings
from tests.test_evaluation import write

KEPT = [
    ("He has 1,5 million in 2014.", "He had 1.5 mln in 2014."),
    ("It cost 5 000 euros.", "It cost 5,000 euros."),
    ("In the XX century they won two cups.", "In the 20th century they won 2 cups."),
    ("On September 5, Saturday, they met.", "They met on Sat, 5 Sept."),
    ("The front Dzhabhat EN-Nusra is in Syria.", "The Jabhat al-Nusra front is in Syria."),
    ("Макрон said it.", "Makron said it."),
    ("The U.N. and the President of Russia agreed.", "The UN and the Russian president agreed."),
    ("He did not say nothing.", "He did not say anything."),
    ("«We agree», said Lavrov.", "“We agree,” Lavrov said."),
    ("It is known to all.", "Everyone knows it."),
    ("About 5-6 thousand of 9.5 thousand came.", "About 5,000-6,000 of 9,500 came."),
]
BROKEN = [
    ("It rose by 15 percent.", "It rose by 1.5 percent.", "number: lost 15; new 1.5"),
    ("Three of them came.", "They came.", "number: lost 3"),
    ("It makes 25 thousand a day.", "It makes 24,000 a day.", "number: lost 25000; new 24000"),
    ("They met on Monday.", "They met on Tuesday.", "date: lost Mon; new Tue"),
    ("It is seen that Putin spoke.", "It is seen that Lavrov spoke.", "name: lost Putin; new Lavrov"),
    ("The talks in Geneva ended.", "The talks ended.", "name: lost Geneva"),
    ("The US agreed.", "The UN agreed.", "name: lost US; new UN"),
    ("He said so.", "He did not say so.", "negation: 0 before (), 1 after (not)"),
    ("He never came without it.", "He came.", "negation: 2 before (never, without), 0 after ()"),
    ("“We agree”, Lavrov said today.", "“We agree, Lavrov said” today.", "quotation: new lavrov, said"),
    ("“We agree”, he said.", "“We agree, he said.", "quotation: marks no longer pair up"),
    ("See www.un.org now.", "See it now.", "address: lost www.un.org"),
]


@pytest.mark.parametrize(("before", "after"), KEPT)
def test_facts_that_stand(before: str, after: str) -> None:
    assert broken(before, after) == ()


@pytest.mark.parametrize(("before", "after", "clause"), BROKEN)
def test_facts_that_break(before: str, after: str, clause: str) -> None:
    assert clause in broken(before, after)


def test_a_change_towards_the_source_breaks_nothing() -> None:
    before, after = "It is seen that Putin spoke on Monday of 15.", "It is seen that Lavrov spoke on Tuesday of 50."
    assert len(broken(before, after)) == 3
    assert broken(before, after, "Видно, что о 50 говорили с Лавровым во вторник.") == ()
    assert len(broken(before, after, "Видно, что о 15 говорили с Путиным в понедельник.")) == 3
    assert broken("It is seen that Putin spoke.", "It is seen that he spoke.", "Видно, что говорил Лавров.")


def test_tokens_are_joined_as_sentences_are_written() -> None:
    tokens = "He said : \" I don 't ( yet ) know \" , and it 's so ."
    assert corpora.detokenised(tokens) == "He said: \"I don't (yet) know\", and it's so."


class Table:
    """Cleans by a table of whole segments."""

    signature, most_lines = "table:1", None

    def __init__(self, table: dict[str, str], name: str = "table", most_lines: int | None = None) -> None:
        self.table, self.name, self.most_lines = table, name, most_lines

    def clean(self, document: Document) -> list[str]:
        return [self.table.get(segment.hypothesis, segment.hypothesis) for segment in document.segments]


def small() -> Corpus:
    lines = {
        "a": [
            Line("the cat sat in mat", versions={REFERENCE: ("the cat sat on the mat",)}),
            Line("all is well here", versions={REFERENCE: ("all is well here",)}),
        ],
        "b": [Line("Putin came in 2014 , they say", "Путин", versions={REFERENCE: ("Putin came in 2014 , they say",)})],
    }
    return corpora.corpus("small", lines, [], with_source=False)


WORDS = {"the cat sat in mat": "the cat sat on the mat", "Putin came in 2014 , they say": "he came in 2015 , they say"}


def test_measures_by_hand() -> None:
    whole = small()
    run = clean.clean(Table(WORDS), whole)
    nothing, row = measure([untouched(whole), run], 0)
    assert (nothing.system, nothing.changed, nothing.broken) == (NOTHING, 0, 0)
    assert (row.lines, row.words, row.changed, row.edits, row.broken) == (3, 16, 2, 3, 1)
    (against,) = row.against
    assert (against.better, against.same, against.worse) == (1, 1, 1)
    ter = {tested.score.metric: tested for tested in against.scores}["TER"]
    assert ter.score.value == pytest.approx(100 * 2 / 17)  # two words of the third line, of 6 + 4 + 7
    assert not ter.score.higher_is_better
    assert ter.p is None
    assert nothing.against[0].scores[2].score.value == pytest.approx(100 * 2 / 17)  # in/on and a missing "the"


def test_the_nearest_of_several_versions_counts() -> None:
    assert clean.word_errors("it is so", ("it was so", "it is so, they say")) == 1
    assert clean.word_errors("Well.", ("well.",)) == 1


def test_a_part_of_a_corpus_is_measured_on_the_same_run() -> None:
    whole = small()
    run = clean.clean(Table(WORDS), whole)
    part = corpora.corpus("b", {"b": whole.lines[2:]}, [], with_source=False)
    assert narrowed(run, part).texts == ("he came in 2015 , they say",)
    rows, changes = evaluate([Table(WORDS), Table({}, "slow", most_lines=2)], [(whole, part)], resamples=0)
    assert [(row.corpus, row.system) for row in rows] == [
        ("b", NOTHING), ("b", "table"), ("small", NOTHING), ("small", "table"),
    ]  # fmt: skip
    assert [change.broken for change in changes] == [(), ("number: lost 2014; new 2015", "name: lost Putin")]


def test_paired_bootstrap_against_doing_nothing() -> None:
    texts = [f"this is line number {i} , and it is not so well" for i in range(30)]
    lines = {"d": [Line(text, versions={POST_EDIT: (text.replace("not so", "very"),)}) for text in texts]}
    whole = corpora.corpus("d", lines, [], with_source=False)
    better = Cleaned("better", "better", whole, tuple(text.replace("not so", "very") for text in texts), 1.0)
    capitals = Cleaned("capitals", "capitals", whole, tuple(text.capitalize() for text in texts), 1.0)
    nothing, row, same, cased = measure([untouched(whole), better, untouched(whole), capitals], 100)
    assert all(tested.p is None for tested in nothing.against[0].scores)
    assert all(tested.p is not None and tested.p < 0.05 for tested in row.against[0].scores)
    assert all(tested.p == 1.0 for tested in same.against[0].scores)
    assert cased.against[0].scores[2].p == 1.0  # TER does not see capitals
    assert "resamples:100|seed:12345" in row.against[0].scores[0].score.signature


def test_a_system_that_loses_a_segment_is_refused() -> None:
    broken_system = Table({})
    broken_system.clean = lambda document: []  # type: ignore[method-assign]
    with pytest.raises(ValueError, match="0 texts for the 3 lines"):
        clean.clean(broken_system, small())


def test_the_table_and_the_changes() -> None:
    rows, changes = evaluate([Table(WORDS)], [(small(),)], resamples=0)
    shown = clean_table(rows)
    assert "| small, 3 lines, 16 words | chrF2++ | BLEU | TER |" in shown
    assert "| table, against reference |" in shown
    assert "| 1 / 1 / 1 | 2 | 100.0 | 187.5 | 1 |" in shown
    assert "- `system:table:1`" in shown
    assert "- `metric:TER|nrefs:1" in shown
    assert "- Putin came in 2014 , they say\n+ he came in 2015" in changes_shown(changes)
    assert "! number: lost 2014; new 2015" in changes_shown(changes)
    human = corpora.corpus("human", {"d": [Line("All is well.")]}, [], with_source=False)
    assert "| human, 1 lines, 3 words | lines changed |" in clean_table(
        evaluate([Table({})], [(human,)], resamples=0)[0]
    )


AWKWARD = "In the evening on Saturday several thousands of people came. "


def test_rules_fixes_and_reviews_keep_every_segment() -> None:
    document = texts.document("d", [AWKWARD.strip(), "All is well.", AWKWARD.strip()])
    safe, unsafe = (RuleFixes(Engines(), Settings(), unsafe=unsafe) for unsafe in (False, True))
    assert safe.clean(document)[1] == "All is well."
    assert unsafe.clean(document)[2] == "On Saturday evening several thousand people came."
    assert "unsafe:True" in unsafe.signature
    assert len(Reviewed(Engines(), Settings()).clean(document)) == 3


def test_an_ablation_leaves_one_thing_out_and_puts_it_back(scripted_fluency: Any) -> None:
    engines = Engines(fluency=scripted_fluency())
    left_out = {cleaner.name: cleaner for cleaner in ablations(engines, Settings())}
    assert "without the language model" in left_out
    assert "without the tagger" not in left_out  # there is none
    document = texts.document("d", [AWKWARD.strip()])
    assert left_out["without rules' fixes"].clean(document) == [AWKWARD.strip()]
    assert Reviewed(engines, Settings()).clean(document) != [AWKWARD.strip()]
    before = guards.broken
    for cleaner in left_out.values():
        assert len(cleaner.clean(document)) == 1
    assert guards.broken is before
    signatures = [cleaner.signature for cleaner in left_out.values()]
    assert len(set(signatures)) == len(signatures)
    assert pipeline.signature(engines, Settings()).replace(" ; ", ", ") in left_out["without guards"].signature


def test_a_review_calls_every_part_that_an_ablation_leaves_out(scripted_fluency: Any) -> None:
    engines, document = Engines(fluency=scripted_fluency()), texts.document("d", [AWKWARD.strip()])
    parts = [cleaner.instead for cleaner in ablations(engines, Settings()) if cleaner.instead]
    assert len(parts) == 5
    for module, name, _ in parts:
        with mock.patch.object(module, name, wraps=getattr(module, name)) as part:
            Reviewed(engines, Settings()).clean(document)
        assert part.called, name


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder in miniature."""
    for number in (*texts.ARTICLES["dev"], *texts.ARTICLES["test"]):
        stem = tmp_path / "articles" / f"nt15_{number}"
        rows = [
            {"src": f"Рус {i}.", "ref": "On Saturday evening people came.", "A": f"A {i}", "B": "x"} for i in (0, 1)
        ]
        write(stem.with_suffix(".tsv"), [{"seg": "1", **row, "C": AWKWARD} for row in rows])
        marked = {"mt": AWKWARD, "post_edit": "On Saturday evening several thousand people came.", "marks": []}
        stem.with_suffix(".edit.jsonl").write_text(f"{json.dumps(marked)}\n" * 2, encoding="utf-8")
    outputs = [
        {"set": name, "seg": str(seg), "system": system, "src": "Рус", "mt": f"{system} {seg}", "ref": "x"}
        for name, seg in [("newstest2015", s) for s in (1, 3, 29, 1820, 2189, 7)] + [("newstest2016", 2)]
        for system in ("s1", "s2")
    ]
    write(tmp_path / "qe" / "wmt15_16_ru-en_outputs.tsv.xz", outputs)
    mlqe = {"mt_raw": "It's so.", "mt_tok": "It 's so .", "src_raw": "Рус"}
    write(tmp_path / "qe" / "mlqe_pe.ru-en.dev.tsv.xz", [{**mlqe, "pe_tok": p} for p in ("It 's so .", "It isn 't .")])
    genres = [("dev", "0", "reddit", "other"), ("dev", "1", "quotes", "proverb"), ("train", "0", "quotes", "proverb")]
    keys = ("split", "row", "doc_id", "genre")
    write(tmp_path / "qe" / "mlqe_pe.ru-en.genre.tsv.xz", [dict(zip(keys, row, strict=True)) for row in genres])
    news = [{"doc": f"d{i}", "seg": str(i), "src": "Рус", "refA": f"A {i}.", "refB": f"B {i}."} for i in range(8)]
    write(tmp_path / "dev" / "newstest2020.ru-en.tsv", news)
    made = [{"direction": "ru-en", "set": "newstest2020", "src": "Рус"} | {"system": s, "seg": str(i), "mt": f"{s} {i}"}
            for s in ("m1", "m2") for i in range(8)]  # fmt: skip
    write(tmp_path / "dev" / "mt_outputs.tsv.xz", [*made, {**made[0], "direction": "en-ru"}])
    (tmp_path / "mono").mkdir()
    with lzma.open(tmp_path / texts.NEWS, "wt", encoding="utf-8") as stream:
        stream.write("\n".join([texts.BBC_FIRST, *(f"Line {i}." for i in range(1100)), texts.BBC_AFTER]))
    return tmp_path


def test_corpora_of_the_data_folder(data: Path) -> None:
    read = {name: reader(data, "dev", with_source=True) for name, reader in corpora.READERS.items()}
    (articles,) = read["articles"]
    assert articles.kinds == (POST_EDIT, REFERENCE)
    assert articles.documents[0].segments[1].source == "Рус 1."
    assert articles.references(REFERENCE) == [["On Saturday evening people came."] * 10]
    (news,) = read["news2015"]
    shown = [line.text for line in news.lines]
    assert sorted(text.split()[1] for text in shown[:4]) == ["1", "1820", "29", "3"]
    assert not {"s1 7", "s2 7", "s1 2189", "s2 2189"} & set(shown)  # neither training nor test lines
    assert AWKWARD not in shown  # the marked translation itself is in the other corpus
    whole, plain = read["mlqe"]
    assert [line.versions[POST_EDIT] for line in whole.lines] == [("It's so.",), ("It isn't.",)]
    assert [document.doc_id for document in plain.documents] == ["other-reddit"]
    (good,) = read["newstest2020"]
    assert [line.text for line in good.lines] == ["m1 0", "m2 4"]
    assert good.references("references") == [["A 0.", "A 4."], ["B 0.", "B 4."]]
    human, *parts = read["human"]
    assert human.kinds == ()
    assert [len(part.lines) for part in parts] == [2, 2, 13 * texts.BBC_RUN]
    for name, reader in corpora.READERS.items():
        if name != "mlqe":
            test = reader(data, "test", with_source=False)[0]
            assert not {d.doc_id for d in test.documents} & {d.doc_id for d in read[name][0].documents}
            assert test.documents[0].segments[0].source is None


def test_a_corpus_translated_anew_has_no_post_edit(data: Path, scripted_translator: Any) -> None:
    (articles,) = corpora.articles(data, "dev", with_source=False)
    anew = corpora.translated(articles, scripted_translator({"Рус 0.": "It came.", "Рус 1.": ""}, "ru", "en"))
    assert [line.text for line in anew.lines] == ["It came."] * 5
    assert anew.kinds == (REFERENCE,)
    assert "translator:scripted:ru-en" in anew.data


def test_the_command(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtcheck.engines.load.open_engines", lambda *about, **more: Engines())
    arguments = ["evaluate", "clean", str(data), "--corpus", "articles"]
    shown = CliRunner().invoke(main, [*arguments, "--resamples", "20", "--show", "--ablation"])
    assert shown.exit_code == 0, shown.output
    assert "| mtcheck fix --unsafe, against post-edit |" in shown.stdout
    assert "| without guards, against reference |" in shown.stdout
    assert "+ On Saturday evening several thousand people came." in shown.stdout
    dumped = CliRunner().invoke(main, [*arguments, "--resamples", "0", "--format", "json"])
    rows = json.loads(dumped.stdout)["rows"]
    assert [row["system"] for row in rows] == [NOTHING, "mtcheck", "mtcheck fix", "mtcheck fix --unsafe"]
    assert rows[3]["against"][0]["better"] == 10
    missing = CliRunner().invoke(main, ["evaluate", "clean", str(data), "--corpus", "translated"])
    assert missing.exit_code == 2
    assert "no translator from Russian" in missing.stderr


def test_the_first_of_suggestions_that_overlap_is_taken() -> None:
    rivals = pytest.importorskip("benchmarks.rivals")
    span = rivals.Span
    lints = [
        rivals.Lint(span(5, 8), "late", "X"),
        rivals.Lint(span(2, 6), "first", "__"),
        rivals.Lint(span(7, 8), "no suggestion", None),
        rivals.Lint(span(8, 9), "next", ""),
    ]
    assert rivals.first_suggestions("0123456789", lints) == "01__679"


@pytest.mark.parametrize("name", ["Harper", "LanguageTool"])
def test_first_suggestions_of_rivals(name: str) -> None:
    pytest.importorskip({"Harper": "harper", "LanguageTool": "lt_py"}[name])
    from benchmarks import rivals

    system = getattr(rivals, name)(spelling=True)
    cleaned = system.clean(texts.document("d", ["“Café” said he ate a apple and recieved it.", "All is well."]))
    assert cleaned == ["“Café” said he ate an apple and received it.", "All is well."]
