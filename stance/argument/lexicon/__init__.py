"""The word lists of the argument layer, as data: one CSV file a list, in this folder.

Each list is ours, English and Chinese side by side, and may be opened in a spreadsheet.
The modules that use a list say what its columns mean.
"""

import csv
import io
from functools import cache
from importlib import resources


@cache
def read_lexicon(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a word list, read once.

    Parameters
    ----------
    name : str
        Of the file, without its ending: ``connectives``.

    Returns
    -------
    tuple of dict
        One dict a row, in the order of the file: column to value, white space around
        a value left out, ``""`` where the cell is empty. All callers share the rows:
        do not change them.

    Raises
    ------
    ValueError
        If there is no such list, or a row has more or fewer cells than the header.

    Examples
    --------
    >>> rows = read_lexicon("connectives")
    >>> [row["relation"] for row in rows if row["form"] in ("because", "然而")]
    ['cause', 'contrast']
    """
    file = resources.files(__name__) / f"{name}.csv"
    if not name.isidentifier() or not file.is_file():
        raise ValueError(f"there is no word list {name!r}")
    # A file that a spreadsheet saved begins with a byte order mark.
    text = file.read_text(encoding="utf-8-sig")
    return tuple(parse_lexicon(text, name=f"{name}.csv"))


def parse_lexicon(text: str, *, name: str = "lexicon") -> list[dict[str, str]]:
    r"""Return the rows of a word list from its text; empty lines are left out.

    Parameters
    ----------
    text : str
        Comma-separated, the first line names the columns.
    name : str, default "lexicon"
        What a message calls the list.

    Returns
    -------
    list of dict
        As `read_lexicon` has them.

    Raises
    ------
    ValueError
        If a row has more or fewer cells than the header.

    Examples
    --------
    >>> parse_lexicon("form,relation\nbut , contrast\n")
    [{'form': 'but', 'relation': 'contrast'}]
    """
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [cell.strip() for cell in next(reader, [])]
    rows: list[dict[str, str]] = []
    for cells in reader:
        if cells and len(cells) != len(header):
            raise ValueError(
                f"{name}:{reader.line_num}: {len(cells)} cells, "
                f"but {len(header)} columns"
            )
        if cells:
            rows.append(
                {
                    column: cell.strip()
                    for column, cell in zip(header, cells, strict=True)
                }
            )
    return rows
