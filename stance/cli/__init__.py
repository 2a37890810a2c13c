"""The command line: one module a verb, loaded when it is called."""

from __future__ import annotations

import gc
import os
import sys

from stance.errors import StanceError, nearest

VERBS = {
    "read": "documents to paragraphs, with their kind, language and place",
    "check": "corpus, codebook, terms, anchors and labels fit together",
    "agree": "agreement between coders, and what they dispute",
    "power": "how many labels the wished interval takes",
    "sample": "which paragraphs to code next, drawn at random",
    "train": "train and evaluate a model, write its folder",
    "evaluate": "judge a model on documents it has not seen",
    "classify": "label paragraphs, with probabilities and the words that say why",
    "prevalence": "the share of each label, corrected for classifier error",
    "shift": "how shares change between strata, with their intervals",
    "keyness": "words that set two groups of documents apart",
    "concordance": "every occurrence of a phrase or concept in its context (KWIC)",
    "arguments": "who says what of whom, and how it is argued, with the evidence",
    "doctor": "what is installed, what is missing",
}
#: Objects made before the first look for garbage; Python's own choice is 700.
YOUNG_OBJECTS = 100_000
HELP = """\
usage: stance VERB [options] [FILE ...]

Argument and stance analysis for policy texts in English and Chinese.

verbs, in the order of the work:
{verbs}

examples:
  stance classify seeds/texts
  stance train --data coded.jsonl --text text --label code --output models/mine
  stance prevalence corpus.jsonl --labels coded.csv --by year --plot shares.pdf

options:
  -h, --help   show this page; 'stance VERB --help' shows the verb's
  --version    show the version
  --debug      show the traceback of an error
"""


def main(argv: list[str] | None = None) -> int:
    """Run a verb and return its exit code.

    0 yes or done, 1 the answer is no, 2 the question was wrong, 130 interrupted.
    """
    if argv is not None:
        return _run(argv)
    # The process is this command's. What start-up makes stays: to look through it for
    # garbage again and again, and at the exit, takes a tenth of a short command's time.
    gc.set_threshold(YOUNG_OBJECTS)
    code = _run(sys.argv[1:])
    gc.freeze()
    return code


def _run(words: list[str]) -> int:
    debug = "--debug" in words
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # The bytes written do not depend on the locale.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    words = [word for word in words if word != "--debug"]
    try:
        return _dispatch(words)
    except KeyboardInterrupt:
        print("stance: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader has gone: nothing more to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except StanceError as error:
        if debug:
            raise
        _complain(str(error))
        return 2
    except OSError as error:
        if debug:
            raise
        _complain(
            f"{error.filename}: {error.strerror}" if error.filename else str(error)
        )
        return 2
    except MemoryError:
        if debug:
            raise
        _complain("out of memory")
        return 2


def _complain(message: str) -> None:
    """Print an error, with nothing in it that a terminal would obey."""
    from stance.show.table import printable

    print("stance: " + "\n".join(map(printable, message.split("\n"))), file=sys.stderr)


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        width = max(map(len, VERBS))
        lines = [f"  {verb:{width}}  {what}" for verb, what in VERBS.items()]
        print(HELP.format(verbs="\n".join(lines)), end="")
        return 0 if words else 2
    if words[0] == "--version":
        from stance import __version__

        print(f"stance {__version__}")
        return 0
    verb = words[0]
    if verb not in VERBS:
        raise StanceError(f"no such verb {verb!r}", hint=nearest(verb, tuple(VERBS)))
    import importlib

    from stance.cli.common import new_parser, speak_warnings

    module = importlib.import_module(f"stance.cli.{verb}")
    parser = new_parser(verb, VERBS[verb], module.EXAMPLES)
    module.add_arguments(parser)
    args = parser.parse_args(words[1:])
    with speak_warnings(quiet=args.quiet):
        try:
            code: int = module.run(args)
        except SystemExit as end:
            if isinstance(end.__context__, BrokenPipeError):
                raise end.__context__ from None  # there rich exits by itself, with 1
            raise
        sys.stdout.flush()
    return code
