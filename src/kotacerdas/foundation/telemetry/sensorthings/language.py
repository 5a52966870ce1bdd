"""`$filter`, `$orderby`, `$expand` and `$select` read into small trees. Pure; every size is bounded.

Of OData's functions only comparison and logic are spoken: eq ne gt ge lt le, and or not, and parentheses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, TypeAlias

LONGEST = 2_000  # characters of one option
DEEPEST = 24  # parentheses and `not`s within one another
MOST_COMPARED = 40
MOST_EXPANDED, DEEPEST_EXPAND = 12, 3
MOST_TOP, USUAL_TOP, MOST_SKIP = 1_000, 100, 1_000_000
COMPARISONS = {"eq": "=", "ne": "<>", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}
_TURNED = {"eq": "eq", "ne": "ne", "gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')"
    r"|(?P<time>\d{4}-\d{2}-\d{2}T[0-9:.]+(?:Z|[+-]\d{2}:?\d{2})?)"
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])"
    r"|(?P<word>[A-Za-z_@][\w@.]*(?:/[A-Za-z_@][\w@.]*)*)"
    r"|(?P<sign>[()]))"
)


class BadQuery(ValueError):
    """The query cannot be read; the text says where."""


@dataclass(frozen=True, slots=True)
class Compare:
    """A property against a value."""

    path: str
    sign: str
    value: str | float | bool | None


@dataclass(frozen=True, slots=True)
class Both:
    """Two trees joined by `and` or `or`."""

    word: str
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Not:
    tree: Tree


Tree: TypeAlias = Compare | Both | Not


@dataclass(slots=True)
class Options:
    """The query options of one collection. `expand` maps a navigation to options of its own."""

    filter: Tree | None = None
    order: list[tuple[str, bool]] = field(default_factory=list)  # path, descending
    select: list[str] = field(default_factory=list)
    expand: dict[str, Options] = field(default_factory=dict)
    top: int = USUAL_TOP
    skip: int = 0
    count: bool = False


def read_options(given: dict[str, str], depth: int = 0) -> Options:
    """Options by name. Raises BadQuery for an unknown one."""
    found = Options()
    for name, words in given.items():
        if len(words) > LONGEST:
            raise BadQuery(f"{name} is longer than {LONGEST} characters")
        if name == "$filter":
            found.filter = read_filter(words)
        elif name == "$orderby":
            found.order = [_order(one) for one in words.split(",")[:6]]
        elif name == "$select":
            found.select = [one.strip() for one in words.split(",") if one.strip()]
        elif name == "$expand":
            found.expand = read_expand(words, depth)
        elif name in ("$top", "$skip"):
            setattr(found, name[1:], _whole(name, words))
        elif name == "$count":
            found.count = words.strip().lower() == "true"
        elif name != "$resultFormat":
            raise BadQuery(f"unknown option {name}")
    found.top = min(found.top, MOST_TOP)
    return found


def _whole(name: str, words: str) -> int:
    if not (words.isascii() and words.isdigit()) or len(words) > 8 or int(words) > MOST_SKIP:
        raise BadQuery(f"{name} must be a whole number up to {MOST_SKIP}")
    return int(words)


def _order(words: str) -> tuple[str, bool]:
    parts = words.split()
    if not 1 <= len(parts) <= 2 or (len(parts) == 2 and parts[1].lower() not in ("asc", "desc")):
        raise BadQuery(f"$orderby {words[:40]}")
    return parts[0], len(parts) == 2 and parts[1].lower() == "desc"


def read_filter(words: str) -> Tree:
    """A filter as a tree. Raises BadQuery."""
    if len(words) > LONGEST:
        raise BadQuery(f"$filter is longer than {LONGEST} characters")
    reader = _Filter(_tokens(words))
    tree = reader.either(0)
    if reader.rest:
        raise BadQuery(f"$filter: unexpected {reader.rest[0][1][:40]}")
    return tree


def _tokens(words: str) -> list[tuple[str, str]]:
    found, at = [], 0
    words = words.rstrip()
    while at < len(words):
        match = _TOKEN.match(words, at)
        if match is None:
            raise BadQuery(f"$filter: unexpected {words[at : at + 20]}")
        kind = match.lastgroup or ""
        found.append((kind, match[kind]))
        at = match.end()
    return found


class _Filter:
    """Recursive descent over tokens, bounded in depth and in comparisons."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.rest = tokens
        self.compared = 0

    def _word(self, *words: str) -> bool:
        return bool(self.rest) and self.rest[0][0] == "word" and self.rest[0][1].lower() in words

    def _take(self) -> tuple[str, str]:
        if not self.rest:
            raise BadQuery("$filter ends too early")
        return self.rest.pop(0)

    def either(self, depth: int) -> Tree:
        left = self.all(depth)
        while self._word("or"):
            self._take()
            left = Both("or", left, self.all(depth))
        return left

    def all(self, depth: int) -> Tree:
        left = self.one(depth)
        while self._word("and"):
            self._take()
            left = Both("and", left, self.one(depth))
        return left

    def one(self, depth: int) -> Tree:
        if depth > DEEPEST:
            raise BadQuery("$filter is too deep")
        if self._word("not"):
            self._take()
            return Not(self.one(depth + 1))
        if self.rest and self.rest[0][1] == "(":
            self._take()
            tree = self.either(depth + 1)
            if self._take()[1] != ")":
                raise BadQuery("$filter: a parenthesis is not closed")
            return tree
        return self.compare()

    def compare(self) -> Compare:
        self.compared += 1
        if self.compared > MOST_COMPARED:
            raise BadQuery(f"$filter compares more than {MOST_COMPARED} times")
        left, sign, right = self._take(), self._take()[1].lower(), self._take()
        if sign not in COMPARISONS:
            raise BadQuery(f"$filter: no comparison {sign[:20]}")
        if _is_path(left) and not _is_path(right):
            return Compare(left[1], sign, _value(right))
        if _is_path(right) and not _is_path(left):
            return Compare(right[1], _TURNED[sign], _value(left))
        raise BadQuery("$filter compares a property with a value")


def _is_path(token: tuple[str, str]) -> bool:
    return token[0] == "word" and token[1].lower() not in ("true", "false", "null")


def _value(token: tuple[str, str]) -> str | float | bool | None:
    kind, words = token
    if kind == "text":
        return words[1:-1].replace("''", "'")
    if kind == "number":
        return float(words)
    if kind == "time":
        return words
    return {"true": True, "false": False, "null": None}.get(words.lower())


def read_expand(words: str, depth: int = 0) -> dict[str, Options]:
    """`Datastreams($top=1)/Observations,Locations` as options by navigation. Raises BadQuery."""
    if depth >= DEEPEST_EXPAND:
        raise BadQuery("$expand is too deep")
    found: dict[str, Options] = {}
    for part in split(words, ","):
        name, inner, rest = _expand_part(part)
        options = read_options(_pairs(inner), depth + 1) if inner else found.get(name, Options())
        if rest:
            options.expand.update(read_expand(rest, depth + 1))
        found[name] = options
    if len(found) > MOST_EXPANDED:
        raise BadQuery("$expand names too many")
    return found


def _expand_part(part: str) -> tuple[str, str, str]:
    match = re.match(r"\s*([A-Za-z]+)\s*", part)
    if match is None:
        raise BadQuery(f"$expand {part[:40]}")
    rest, inner = part[match.end() :], ""
    if rest.startswith("("):
        end = _closing(rest)
        inner, rest = rest[1:end], rest[end + 1 :]
    rest = rest.strip()
    if rest and not rest.startswith("/"):
        raise BadQuery(f"$expand {part[:40]}")
    return match[1], inner, rest[1:]


def _pairs(words: str) -> dict[str, str]:
    found = {}
    for one in split(words, ";"):
        name, equals, value = one.strip().partition("=")
        if not equals:
            raise BadQuery(f"$expand: {one[:40]}")
        found[name] = value
    return found


def split(words: str, sign: str) -> list[str]:
    """Parts between signs that stand outside parentheses and quotes."""
    parts, depth, quoted, begin = [], 0, False, 0
    for at, letter in enumerate(words):
        if letter == "'":
            quoted = not quoted
        elif not quoted and letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == sign and not quoted and depth == 0:
            parts.append(words[begin:at])
            begin = at + 1
    return [one for one in (*parts, words[begin:]) if one.strip()]


def _closing(words: str) -> int:
    depth, quoted = 0, False
    for at, letter in enumerate(words):
        if letter == "'":
            quoted = not quoted
        elif not quoted and letter in "()":
            depth += 1 if letter == "(" else -1
            if depth == 0:
                return at
    raise BadQuery("$expand: a parenthesis is not closed")


def walk(tree: Tree, compare: Any, both: Any, negate: Any) -> Any:
    """Fold a tree by what makes a comparison, joins two, and turns one round."""
    if isinstance(tree, Compare):
        return compare(tree)
    if isinstance(tree, Not):
        return negate(walk(tree.tree, compare, both, negate))
    return both(tree.word, walk(tree.left, compare, both, negate), walk(tree.right, compare, both, negate))
