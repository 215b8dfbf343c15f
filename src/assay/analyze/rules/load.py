"""Reading rules from YAML: strict, every problem with its file, line and what would be right."""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from assay.analyze.functions.table import FUNCTIONS, vocabulary
from assay.analyze.grammar import GrammarError, Kind, Node, Vocabulary, check, parse
from assay.analyze.grammar.tree import Call, parts_of
from assay.analyze.rules.kept import Item, keep_items, kept_items
from assay.analyze.rules.rule import Family, Rule, RuleText
from assay.analyze.rules.template import read_template
from assay.analyze.shapes.words import BUSIEST, FEATURES
from assay.errors import UsageError
from assay.record.diagnosis.findings import Scope

GROUP = "assay.patterns"
"""Entry-point group of packages that bring rules; also the folder of Assay's own."""
_LARGEST_BYTES = 1 << 20


class RuleSet(msgspec.Struct, frozen=True):
    """Rules in the order of their ids, and the hash of what they say."""

    rules: tuple[Rule, ...]
    sha256: str

    def get(self, name: str) -> Rule:
        """The rule of that id."""
        for rule in self.rules:
            if rule.text.id == name:
                return rule
        close = difflib.get_close_matches(name, [rule.text.id for rule in self.rules], n=1)
        advice = f"did you mean {close[0]!r}?" if close else "see `assay patterns list`"
        raise UsageError(f"there is no pattern {name!r}", remedy=advice)


def load_rules(folders: Sequence[Path] = ()) -> RuleSet:
    """Assay's own rules, those of installed packages, and those in folders; every mistake at once."""
    rules: list[Rule] = []
    problems: list[str] = []
    for name, text in [*_own(), *_of_packages(), *_in_folders(folders)]:
        found, wrong = read_rules(text, name)
        rules += found
        problems += wrong
    problems += _across(rules)
    if problems:
        remedy = "mend the rule; `assay patterns lint` checks without running"
        raise UsageError("\n".join(problems), remedy=remedy)
    rules.sort(key=lambda rule: rule.text.id)
    digest = hashlib.sha256(msgspec.json.encode([rule.text for rule in rules], order="sorted"))
    return RuleSet(tuple(rules), digest.hexdigest())


def own_ids() -> frozenset[str]:
    """Ids of the rules that came with Assay."""
    return frozenset(rule.text.id for name, text in _own() for rule in read_rules(text, name)[0])


def read_rules(text: str, name: str) -> tuple[list[Rule], list[str]]:
    """Rules of one file, and what is wrong with the others, one line each."""
    with contextlib.suppress(_MistakeError):
        if (kept := kept_items(text)) is not None:
            return [_rule(item.fields, _Place(name, item.fields, item.line)) for item in kept], []
    try:
        data = YAML(typ="rt").load(io.StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        return [], [f"{place}: {error.problem or error.context}"]
    except (YAMLError, RecursionError) as error:
        return [], [f"{name}: can't be read: {error}".splitlines()[0][:300]]
    if not isinstance(data, CommentedSeq):
        return [], [f"{name}:1: a file of patterns is a list of rules"]
    rules, problems = [], []
    for number, item in enumerate(data):
        where = _Place(name, item, data.lc.item(number)[0] + 1)
        try:
            rules.append(_rule(item, where))
        except _MistakeError as mistake:
            problems.append(str(mistake))
    if not problems:
        keep_items(text, [Item(data.lc.item(number)[0] + 1, _plain(item)) for number, item in enumerate(data)])
    return rules, problems


class _MistakeError(Exception):
    """One mistake in a rule, with its place."""


class _Place:
    """Where a rule stands, and where its fields do."""

    def __init__(self, name: str, item: Any, line: int) -> None:
        self._name = name
        self._item = item
        self.where = f"{name}:{line}"

    def mistake(self, what: str, field: str = "", number: int | str | None = None) -> _MistakeError:
        """A mistake in a field of the rule, or in one entry of it."""
        line = self._line(field, number)
        place = self.where if line is None else f"{self._name}:{line}"
        label = self._item.get("id", "?") if isinstance(self._item, Mapping) else "?"
        within = f"{field}: " if field else ""
        return _MistakeError(f"{place}: {label}: {within}{what}")

    def _line(self, field: str, number: int | str | None) -> int | None:
        if not isinstance(self._item, CommentedMap) or field not in self._item:
            return None
        value = self._item[field]
        if number is not None and isinstance(value, CommentedSeq) and isinstance(number, int):
            return int(value.lc.item(number)[0]) + 1
        if number is not None and isinstance(value, CommentedMap):
            return int(value.lc.value(number)[0]) + 1
        return int(self._item.lc.value(field)[0]) + 1


def _rule(item: Any, place: _Place) -> Rule:
    if not isinstance(item, Mapping):
        raise place.mistake("a rule is a mapping of fields")
    text = _text(item, place)
    rule = _checked(text, place)
    if text.without_stacks is None:
        return rule
    coarse = msgspec.structs.replace(
        text, scope=Scope.RUN, needs=(), gain=(), without_stacks=None, **msgspec.structs.asdict(text.without_stacks)
    )
    return msgspec.structs.replace(rule, without_stacks=_checked(coarse, place))


def _checked(text: RuleText, place: _Place) -> Rule:
    names = vocabulary({})
    named: list[tuple[str, Node]] = []
    for name, expression in text.let.items():
        if name in FUNCTIONS:
            raise place.mistake(f"{name!r} is a function already", "let", name)
        node, kind = _expression(expression, names, place, "let", name)
        named.append((name, node))
        names = vocabulary({**names.values, name: kind})
    when = tuple(
        _of_kind(condition, Kind.TRUTH, names, place, "when", number) for number, condition in enumerate(text.when)
    )
    confidence = _of_kind(text.confidence, Kind.NUMBER, names, place, "confidence")
    try:
        observation = read_template(text.observation, names)
    except GrammarError as error:
        raise place.mistake(f"{error.what} (at character {error.column + 1})", "observation") from None
    strange = [word for word in text.points_at if word not in {*FEATURES, BUSIEST}]
    if strange:
        raise place.mistake(f"source() has no word {strange[0]!r}", "points_at")
    if text.lowers != 1.0 and text.family is not Family.TRUST:
        raise place.mistake("only a rule of the family trust lowers the confidence of others", "lowers")
    stated = frozenset(str(kind) for kind in text.needs)
    return Rule(
        text=text,
        named=tuple(named),
        when=when,
        confidence=confidence,
        observation=observation,
        needs=stated or _needs((*when, *(node for _, node in named))),
        where=place.where,
    )


def _text(item: Mapping[str, Any], place: _Place) -> RuleText:
    unknown = [name for name in item if name not in RuleText.__struct_fields__]
    if unknown:
        close = difflib.get_close_matches(str(unknown[0]), RuleText.__struct_fields__, n=1)
        advice = f"; did you mean {close[0]!r}?" if close else ""
        raise place.mistake(f"there is no field {unknown[0]!r}{advice}", str(unknown[0]))
    try:
        plain = _plain(item)
        for one in (plain, plain.get("without_stacks")):
            if isinstance(one, dict) and isinstance(one.get("confidence"), int | float):
                one["confidence"] = str(one["confidence"])  # a plain number is an expression too
        return msgspec.convert(plain, RuleText)
    except msgspec.ValidationError as error:
        what, _, pointer = str(error).partition(" - at `$.")
        field = pointer.rstrip("`").split("[")[0].split(".")[0]
        raise place.mistake(what, field) from None


def _plain(value: Any) -> Any:
    """Plain data out of what the YAML reader gives; texts that were folded end without their line feed."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return " ".join(str(value).split())
    return float(value) if isinstance(value, float) else value


def _of_kind(
    expression: str, wanted: Kind, names: Vocabulary, place: _Place, field: str, number: int | None = None
) -> Node:
    node, kind = _expression(expression, names, place, field, number)
    if kind is not wanted:
        raise place.mistake(f"this is a {kind}, not a {wanted}: {expression}", field, number)
    return node


def _expression(
    expression: str, names: Vocabulary, place: _Place, field: str, number: int | str | None
) -> tuple[Node, Kind]:
    try:
        node = parse(expression)
        return node, check(node, names)
    except GrammarError as error:
        raise place.mistake(
            f"{error.what} (at character {error.column + 1} of {expression!r})", field, number
        ) from None


def _needs(nodes: Iterable[Node]) -> frozenset[str]:
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, Call):
            found |= FUNCTIONS[node.function].signature.needs
        found |= _needs(parts_of(node))
    return frozenset(found)


def _across(rules: Sequence[Rule]) -> list[str]:
    """What is wrong between rules: the same id twice, an exclusion of nobody."""
    problems = []
    seen: dict[str, str] = {}
    for rule in rules:
        if rule.text.id in seen:
            problems.append(f"{rule.where}: {rule.text.id}: stands in {seen[rule.text.id]} already")
        seen.setdefault(rule.text.id, rule.where)
    for rule in rules:
        problems += [
            f"{rule.where}: {rule.text.id}: excludes: there is no pattern {other!r}"
            for other in rule.text.excludes
            if other not in seen
        ]
    return problems


def _own() -> list[tuple[str, str]]:
    return _in_package("assay.analyze.patterns")


def _in_package(package: str) -> list[tuple[str, str]]:
    files = [file for file in resources.files(package).iterdir() if file.name.endswith(".yaml")]
    return [(file.name, file.read_text("utf-8")) for file in sorted(files, key=lambda file: file.name)]


def _of_packages() -> list[tuple[str, str]]:
    """Rules of installed packages: an entry point names a package whose ``*.yaml`` files are rules."""
    points = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return [(f"{point.module}/{name}", text) for point in points for name, text in _in_package(point.module)]


def _in_folders(folders: Sequence[Path]) -> list[tuple[str, str]]:
    found = []
    for folder in folders:
        if not folder.is_dir():
            raise UsageError("is no folder of patterns", where=str(folder), remedy="name a folder with *.yaml files")
        for file in sorted(folder.glob("*.yaml")):
            if file.stat().st_size > _LARGEST_BYTES:
                raise UsageError(f"is larger than {_LARGEST_BYTES:,} bytes", where=str(file), remedy="split the file")
            found.append((str(file), file.read_text("utf-8", "replace")))
    return found
