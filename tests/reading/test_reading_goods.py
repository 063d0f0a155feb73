"""Goods from titles: labels of the taxonomy, the law's class of a drug, corrections, and "not sure"."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bowstreet.reading.goods import BadCorrections, Corrections, classify, taxonomy
from bowstreet.reading.goods.controlled import named
from bowstreet.reading.goods.features import SIZE, matrix
from bowstreet.reading.goods.weights import shipped


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("5g Colombian cocaine, uncut", "drugs/stimulants"),
        ("28g Lemon Haze, indoor", "drugs/cannabis"),
        ("Xanax 2mg bars x 100", "drugs/benzodiazepines"),
        ("Glock 19 Gen4 9mm", "weapons/firearms"),
        ("Replica Rolex Submariner AAA", "counterfeit/jewellery"),
        ("Counterfeit 20 pound notes", "counterfeit/money"),
        ("How to card Amazon, full guide", "guides/fraud"),
        ("UK driving licence with hologram", "documents/identity"),
        ("Android RAT with source code", "malware/botnets"),
        ("African elephant ivory tusk", "wildlife"),
    ],
)
def test_a_plain_title_gets_its_label(title: str, label: str) -> None:
    assert classify([title])[0].label == label


def test_what_says_nothing_is_not_sure() -> None:
    for answer in classify(["", "??? !!!", "zzqx"]):
        assert not answer.sure


def test_the_words_that_decided_are_words_of_the_title() -> None:
    answer = classify(["Pure peruvian cocaine, fast delivery"])[0]
    assert answer.words[0] == "cocaine"
    assert set(answer.words) <= {"pure", "peruvian", "cocaine", "fast", "delivery"}


@pytest.mark.parametrize(
    ("title", "top"),
    [
        ("Ossaline rolling tobacco, 20 x 50g pouches", "tobacco"),
        ("Hotel discount guide: how to card hotels", "guides"),
        ("Streamzilla premium account, lifetime warranty", "stolen-data"),
        ("Bank statement template PSD, editable", "documents"),
    ],
)
def test_a_title_with_a_name_nobody_knows_is_told_by_its_other_words(title: str, top: str) -> None:
    assert classify([title])[0].label.startswith(top)


def test_pictures_that_lost_their_coding_change_nothing() -> None:
    plain, damaged = classify(["Glock 19 Gen4 9mm", "\ufffd\u0583\ufffd\u0583Glock 19\ufffd\u0583 Gen4 9mm"])
    assert plain == damaged


def test_a_title_in_another_script_can_be_corrected() -> None:
    told = Corrections.of([("чистый кокаин", "drugs/stimulants")])
    assert classify(["чистый кокаин 5 г"], corrections=told)[0].label == "drugs/stimulants"


def test_a_controlled_drug_has_its_class_and_schedule() -> None:
    found = named("10 x Valium (diazepam) 10mg")
    assert found is not None
    assert (found.substance, found.drug_class, found.schedule) == ("diazepam", "C", "4(1)")
    assert named("Rolex Submariner") is None


def test_a_cracked_program_is_no_crack() -> None:
    assert classify(["Adobe Photoshop CS6 full crack serial software"])[0].control is None


def test_a_controlled_medicine_is_a_drug() -> None:
    assert classify(["Tramadol 200mg x 100 pills"])[0].label.startswith("drugs")


def test_an_analysts_correction_is_used_for_the_title_and_for_titles_like_it() -> None:
    told = Corrections.of([("blue ghosts, strong, 10 pieces", "drugs/ecstasy")])
    same, like, other = classify(
        ["Blue Ghosts strong 10 pieces", "blue ghosts, strong, 50 pieces", "garden hose"], corrections=told
    )
    assert (same.label, same.corrected, like.label, like.corrected) == (
        "drugs/ecstasy",
        True,
        "drugs/ecstasy",
        True,
    )
    assert not other.corrected


def test_the_later_correction_holds() -> None:
    told = Corrections.of([("blue ghosts", "drugs/ecstasy"), ("blue ghosts", "lawful")])
    assert classify(["blue ghosts"], corrections=told)[0].label == "lawful"


def test_a_bad_correction_says_what_to_mend(tmp_path: Path) -> None:
    with pytest.raises(BadCorrections, match="no label of the taxonomy"):
        Corrections.of([("x", "drugs/unheard")])
    (tmp_path / "c.jsonl").write_text('{"title": "x"}\n')
    with pytest.raises(BadCorrections, match="line 1"):
        Corrections.read(tmp_path / "c.jsonl")


def test_a_title_is_judged_alike_alone_and_among_others() -> None:
    titles = ["5g cocaine", "", "Glock 19", "netflix account"]
    together = classify(titles)
    assert together == [classify([title])[0] for title in titles]


def test_a_title_of_a_million_characters_is_answered() -> None:
    assert len(classify(["cocaine " * 125_000, "é" * 1_000_000, "\x00\u202e" * 500_000])) == 3


def test_the_weights_fit_the_features_and_the_taxonomy() -> None:
    model = shipped()
    columns = sum(map(len, (model.tops, model.labels, model.alphabay, model.seven)))
    assert model.table.shape == (SIZE, columns)
    assert set(model.labels) == set(taxonomy.by_label())
    assert set(model.tops) == {one.top for one in taxonomy.labels()}
    assert np.all(np.diff(model.top.right) >= 0)
    assert matrix(["", "a b"]).shape == (2, SIZE)


def test_the_command_answers_each_line(tmp_path: Path) -> None:
    (tmp_path / "titles.txt").write_text('5g cocaine\n\n{"title": "Glock 19 9mm"}\n')
    run = [sys.executable, "-m", "bowstreet", "goods", str(tmp_path / "titles.txt"), "--json"]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["label"] for row in rows] == ["drugs/stimulants", "weapons/firearms"]
    assert rows[0]["control"] == {"substance": "cocaine", "class": "A", "schedule": "2"}
    missing = subprocess.run([*run[:-2], str(tmp_path / "none")], capture_output=True, text=True, check=False)
    assert missing.returncode == 2
    assert "cannot be read" in missing.stderr
