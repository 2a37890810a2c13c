"""The command itself: verbs, exit codes, errors, ``python -m stance``."""

import gc
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import stance
from stance.cli import VERBS, main
from stance.errors import StanceError

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]

CHOICES = (
    "choices: read, check, agree, power, sample, train, evaluate, classify, "
    "prevalence, shift, keyness, concordance, arguments, doctor\n"
)


def test_verbs_stand_in_the_order_of_the_work() -> None:
    assert list(VERBS) == [
        "read",
        "check",
        "agree",
        "power",
        "sample",
        "train",
        "evaluate",
        "classify",
        "prevalence",
        "shift",
        "keyness",
        "concordance",
        "arguments",
        "doctor",
    ]


def test_an_unknown_verb_is_refused_and_the_nearest_offered(run: Run) -> None:
    code, out, err = run("clasify", "a.txt")

    assert (code, out, err) == (
        2,
        "",
        f"stance: no such verb 'clasify'\n  did you mean 'classify'? {CHOICES}",
    )


def test_a_verb_like_no_other_is_refused_with_the_choices(run: Run) -> None:
    code, out, err = run("分类")

    assert (code, out, err) == (2, "", f"stance: no such verb '分类'\n  {CHOICES}")


@pytest.mark.parametrize("verb", VERBS)
def test_an_unknown_option_is_refused(run: Run, verb: str) -> None:
    code, out, err = run(verb, "a.txt", "--modle", "m")

    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith(f"stance {verb}: error: ")
    assert "--modle" in err.splitlines()[-1]


def test_options_are_not_abbreviated(run: Run) -> None:
    code, _, err = run("classify", "a.txt", "--mod", "m")

    assert code == 2
    assert err.splitlines()[-1] == (
        "stance classify: error: unrecognized arguments: --mod m"
    )


def test_no_verb_shows_the_help_and_is_no_success(run: Run) -> None:
    code, out, _ = run()

    assert code == 2
    assert out.startswith("usage: stance VERB ")


@pytest.mark.parametrize("word", ["-h", "--help", "help"])
def test_asking_for_help_is_a_success(run: Run, word: str) -> None:
    code, out, err = run(word)

    assert (code, err) == (0, "")
    assert out.startswith("usage: stance VERB ")


def test_an_error_has_a_traceback_only_with_debug(run: Run) -> None:
    with pytest.raises(StanceError, match=r"no\.txt: no such file or folder"):
        main(["read", "no.txt", "--debug"])


def test_ctrl_c_is_one_line_and_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("stance.cli.doctor.run", interrupt)

    code, out, err = run("doctor")

    assert (code, out, err) == (130, "", "stance: interrupted\n")


def test_the_module_runs_as_the_command() -> None:
    words = [sys.executable, "-m", "stance", "--version"]

    done = subprocess.run(words, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        f"stance {stance.__version__}\n",
        "",
    )


ENGLISH = "Both sides agreed to ease export controls.\n"
LOADED = """
import sys
from stance.cli import main
code = main(["classify", "-", "--quiet"])
slow = {"jieba", "joblib", "nltk", "pandas", "rich", "rjieba", "scipy", "sklearn"}
print(code, sorted(slow & set(sys.modules)))
"""


def test_one_english_sentence_loads_no_package_that_is_slow_to_start() -> None:
    command = [sys.executable, "-c", LOADED]

    done = subprocess.run(
        command, input=ENGLISH, capture_output=True, text=True, check=False
    )

    assert (done.stdout.splitlines()[-1], done.stderr) == ("0 []", "")


def test_a_call_from_python_leaves_the_garbage_collector_as_it_is(run: Run) -> None:
    before = gc.get_threshold(), gc.get_freeze_count()

    run("--version")

    assert (gc.get_threshold(), gc.get_freeze_count()) == before


def test_the_doctor_finds_nothing_missing(run: Run) -> None:
    code, out, err = run("doctor", "--format", "tsv")

    assert (code, err) == (0, "")
    assert "\tmissing\t" not in out


def test_the_doctor_says_which_model_is_shipped(run: Run) -> None:
    _, out, _ = run("doctor", "--format", "csv")

    assert out.splitlines()[-1].startswith("shipped model,ok,us-china-tech ")


def test_a_missing_package_makes_the_doctor_say_no(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stance.cli.doctor.NEEDED", ("no-such-package",))

    code, out, _ = run("doctor", "--format", "csv")

    assert code == 1
    assert "no-such-package,missing,pip install no-such-package\n" in out
