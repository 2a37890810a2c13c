"""The codebook: label set, categories, and the values of the other variables."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from stance.corpus.files import read_bytes
from stance.errors import CodingError, InputError, nearest

#: Variables whose labels are the categories of the codebook.
CATEGORY_VARIABLES = ("frame", "secondary")
LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class LabelSet:
    """Ordered label names; their order is the column order of every probability array.

    ``residual`` are the labels that say what a unit is not, such as ``none``: they are
    predicted and counted, and left out of a macro average.

    Examples
    --------
    >>> LabelSet(("pro", "con", "none"), residual=("none",)).substantive
    ('pro', 'con')
    """

    names: tuple[str, ...]
    residual: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.names):
            raise ValueError(f"a label stands twice in {self.names}")
        if not set(self.residual) <= set(self.names):
            raise ValueError(f"residual labels {self.residual} are not in {self.names}")

    @property
    def substantive(self) -> tuple[str, ...]:
        """The labels that are not residual."""
        return tuple(name for name in self.names if name not in self.residual)


@dataclass(frozen=True, slots=True)
class Category:
    """One label of the codebook with its rules.

    ``must`` and ``must_not`` hold (language, example) pairs: passages that get the
    label, and near misses that do not.
    """

    name: str
    title: dict[str, str]
    definition: str
    includes: tuple[str, ...]
    excludes: tuple[str, ...]
    must: tuple[tuple[str, str], ...]
    must_not: tuple[tuple[str, str], ...]
    residual: bool = False


@dataclass(frozen=True, slots=True)
class Codebook:
    """The written rules that coders follow.

    ``variables`` maps every variable but the frame to its labels and their meaning.
    """

    name: str
    version: str
    unit: str
    rules: tuple[str, ...]
    categories: tuple[Category, ...]
    variables: dict[str, dict[str, str]]
    sha256: str = ""

    @property
    def labels(self) -> LabelSet:
        """The categories' names as a label set."""
        return LabelSet(
            tuple(category.name for category in self.categories),
            tuple(category.name for category in self.categories if category.residual),
        )

    def allowed(self, variable: str) -> tuple[str, ...]:
        """Return the labels that a variable may take.

        Raises
        ------
        CodingError
            If the codebook does not define the variable.
        """
        if variable in CATEGORY_VARIABLES:
            return self.labels.names
        if variable not in self.variables:
            names = (*CATEGORY_VARIABLES, *self.variables)
            raise CodingError(
                f"variable {variable!r} is not in codebook {self.name!r} "
                f"{self.version}",
                hint=nearest(variable, names),
            )
        return tuple(self.variables[variable])

    def check(self, variable: str, label: str) -> None:
        """Raise `CodingError`, offering the nearest label, if it is not allowed."""
        if label not in self.allowed(variable):
            raise CodingError(
                f"{variable} {label!r} is not in codebook {self.name!r} {self.version}",
                hint=nearest(label, self.allowed(variable)),
            )


def _category(entry: dict[str, object], path: Path) -> Category:
    def texts(key: str) -> tuple[str, ...]:
        value = entry.get(key, [])
        return tuple(map(str, value)) if isinstance(value, list) else ()

    def examples(key: str) -> tuple[tuple[str, str], ...]:
        value = entry.get(key, {})
        pairs = value if isinstance(value, dict) else {}
        return tuple((lang, str(t)) for lang in LANGUAGES for t in pairs.get(lang, []))

    missing = [key for key in ("name", "definition") if not entry.get(key)]
    if missing:
        raise InputError(
            f"category {entry.get('name', '?')!r} has no {missing[0]!r}", path=path
        )
    title = entry.get("title", {})
    return Category(
        name=str(entry["name"]),
        title={k: str(v) for k, v in title.items()} if isinstance(title, dict) else {},
        definition=str(entry["definition"]),
        includes=texts("includes"),
        excludes=texts("excludes"),
        must=examples("must"),
        must_not=examples("must_not"),
        residual=entry.get("residual") is True,
    )


def read_codebook(path: str | Path = "seeds/codebook.toml") -> Codebook:
    """Return the codebook in a TOML file.

    Raises
    ------
    InputError
        If the file is missing or not TOML, has no name, version or categories, or a
        category stands twice.

    Examples
    --------
    >>> read_codebook("no-such.toml")
    Traceback (most recent call last):
    ...
    stance.errors.InputError: no-such.toml: no such file
    """
    from stance.corpus.manifest import read_toml

    path = Path(path)
    table = read_toml(path)
    missing = [key for key in ("name", "version", "categories") if not table.get(key)]
    entries = table.get("categories")
    if missing or not isinstance(entries, list):
        raise InputError(f"has no {(missing or ['categories'])[0]!r}", path=path)
    if not all(isinstance(entry, dict) for entry in entries):
        raise InputError(
            "has no 'categories'",
            path=path,
            hint="they are tables: write [[categories]]",
        )
    categories = tuple(_category(entry, path) for entry in entries)
    names = [category.name for category in categories]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"category {twice[0]!r} stands twice", path=path)
    rules, variables = table.get("rules", []), table.get("variables", {})
    return Codebook(
        name=str(table["name"]),
        version=str(table["version"]),
        unit=str(table.get("unit", "")),
        rules=tuple(map(str, rules)) if isinstance(rules, list) else (),
        categories=categories,
        variables=variables if isinstance(variables, dict) else {},
        sha256=hashlib.sha256(read_bytes(path)).hexdigest(),
    )
