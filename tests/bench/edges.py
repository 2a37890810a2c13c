"""What the rule of word edges does: Chinese terms refused because they cut a word.

    python tests/bench/edges.py

Over the Chinese government work reports: how many matches of the term table's Chinese
forms the rule refuses, of how many, and which most often.
"""

from collections import Counter

from common import ROOT, SHARED, rows

from stance.corpus import terms
from stance.corpus.terms import read_terms
from stance.corpus.tokens import analyse

table = read_terms(ROOT / "seeds" / "terms.csv")
texts = [row["text"] for row in rows(SHARED / "data" / "gwr_zh" / "corpus.jsonl")]


def found() -> list[Counter[str]]:
    """Return the Chinese forms found in each text."""
    counts = []
    for text in texts:
        analysis = analyse(text, table)
        counts.append(
            Counter(
                analysis.view.text[match.start : match.end]
                for match in analysis.matches
                if match.language == "zh"
            )
        )
    return counts


kept = found()
terms._may_stand = lambda left, right, length: True
free = found()
refused: Counter[str] = Counter()
for with_rule, without in zip(kept, free, strict=True):
    refused += without - with_rule
n_kept, n_free = (sum(map(Counter.total, counts)) for counts in (kept, free))
print(f"{len(texts)} paragraphs: {n_free} matches without the rule, {n_kept} with it")
print(
    "lost most often:", ", ".join(f"{form} {n}" for form, n in refused.most_common(25))
)
