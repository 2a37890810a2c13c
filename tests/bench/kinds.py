"""How often a block gets its kind, and how often real text is taken for furniture.

    python tests/bench/kinds.py

Seeds: all 197 blocks against the coders' majority. Pages: 97 blocks of seven pages of
other kinds, composed before the rules were written (87 were right on first look). Real
text: units that are running text by their source; what is called boilerplate is lost.
"""

import json
from collections import Counter

from common import ROOT, SHARED, rows

from stance.coding.adjudicate import adjudicate
from stance.corpus.kinds import kinds_of
from stance.model.project import read_project

project = read_project(ROOT / "seeds")
gold = {
    row.unit_id: row.label for row in adjudicate(project.annotations, variable="kind")
}
right = sum(unit.kind == gold[unit.id] for unit in project.corpus.paragraphs)
print(f"seeds: {right} of {len(gold)}")
total: Counter[str] = Counter()
correct: Counter[str] = Counter()
for line in (ROOT / "tests" / "data" / "pages.jsonl").read_text("utf-8").splitlines():
    blocks = json.loads(line)["blocks"]
    for block, kind in zip(blocks, kinds_of([b["text"] for b in blocks]), strict=True):
        total[block["kind"]] += 1
        correct[block["kind"]] += kind == block["kind"]
for kind, n in total.items():
    print(f"pages, {kind}: {correct[kind]} of {n}")
print(f"pages: {correct.total()} of {total.total()}")
for path in ("wh_briefings_china/corpus", "gwr_zh/corpus", "uk_manifestos_crowd/train"):
    if (file := SHARED / "data" / f"{path}.jsonl").is_file():
        found = Counter(kinds_of([row["text"]])[0] for row in rows(file))
        print(f"real text, {path}: {dict(found.most_common())}")
