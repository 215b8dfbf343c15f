"""``assay params``: what a backend can be told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from assay.backends.params.catalogue import Catalogue, backends, load_catalogue
from assay.backends.params.check import Problem, check
from assay.backends.params.joined import Drift, coverage, drift
from assay.backends.params.looking import Installed, look_at, stated
from assay.cli.command import command
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.session import Session
from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.errors import UsageError
from assay.record.documents import CombinationRow, DriftRow, ParameterProblem, ParameterRow, Params, ParamsBackends

_PARAMETERS = (
    Column(heading="PARAMETER", least=20),
    Column(heading="OF"),
    Column(heading="BEARS ON"),
    Column(heading="DEFAULT", least=8),
    Column(heading="TAKES", least=24, folds=True),
)
_DRIFT = (
    Column(heading="CHANGE"),
    Column(heading="OF"),
    Column(heading="PARAMETER", least=20),
    Column(heading="DETAILS", least=24, folds=True),
)
_REPLAYED = (
    Column(heading="COMBINATION", least=20),
    Column(heading="EXPECTED"),
    Column(heading="DID"),
    Column(heading="SAID", least=24, folds=True),
)


@command(
    examples=["assay params onnxruntime", "assay params vllm --drift --python ./venv/bin/python"],
    statuses={1: "--drift found a difference, --replay another answer, or --check something that can't work"},
)
@click.argument("backend", required=False)
@click.option("--coverage", "only_coverage", is_flag=True, help="Say only how many parameters are known, and found.")
@click.option("--drift", "only_drift", is_flag=True, help="Say where the installed package has left the catalogue.")
@click.option("--replay", is_flag=True, help="Give the installed package every combination that can't work.")
@click.option("--model", metavar="PATH", help="A small model of the backend, for combinations that need one.")
@click.option(
    "--check", "file", type=click.Path(path_type=Path), metavar="FILE", help="Judge the parameters of a YAML file."
)
@click.option("--python", metavar="PATH", help="The interpreter that has the package; this one by default.")
@click.option(
    "--manifest", type=click.Path(path_type=Path), metavar="FILE", help="A published list of arguments to look at."
)
@output_options
def params(session: Session, backend: str | None, output: Output, **asked: Any) -> int:
    """Say what BACKEND can be told that bears on time, energy or memory, which values it takes, and what can't work.

    The installed package is looked at in a process of its own. Without BACKEND, the backends are listed.
    """
    if backend is None:
        known = ParamsBackends(backends=tuple(backends()))
        emit(session, Answer(document=known, lines=lambda _width: list(known.backends)), output)
        return 0
    catalogue = load_catalogue(backend)
    given = _read(asked["file"]) if asked["file"] is not None else {}
    rules = catalogue.rules if asked["replay"] else ()
    installed = look_at(catalogue, asked["python"], manifest=asked["manifest"], rules=rules, model=asked["model"])
    document = _document(catalogue, installed, check(catalogue, given))
    answer = Answer(
        document=document,
        lines=lambda width: _lines(document, asked, width),
        rows=document.parameters,
        row_type=ParameterRow,
    )
    emit(session, answer, output)
    return _status(document, asked)


def _status(document: Params, asked: dict[str, Any]) -> int:
    surprising = [one for one in document.combinations if one.replayed is not None and not _as_said(one)]
    refused = [problem for problem in document.problems if problem.refused]
    return 1 if refused or surprising or (asked["only_drift"] and document.drift) else 0


def _as_said(row: CombinationRow) -> bool:
    """A combination that is taken may be warned of for other reasons."""
    return row.replayed == row.answer or (row.answer == "takes" and row.replayed == "warns")


def _read(file: Path) -> dict[str, Any]:
    try:
        data = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"it can't be read: {error.strerror}", where=str(file), remedy="check the path") from error
    except (YAMLError, UnicodeDecodeError) as error:
        said = " ".join(str(error).split())[:200]
        raise UsageError(f"it is no YAML: {said}", where=str(file), remedy="mend that line") from error
    if not isinstance(data, dict):
        raise UsageError("it holds no parameters", where=str(file), remedy="write `name: value`, one a line")
    return {str(name): value for name, value in data.items()}


def _document(catalogue: Catalogue, installed: Installed, problems: Sequence[Problem]) -> Params:
    counted = coverage(catalogue, installed)
    looked = installed.version is not None or bool(installed.surfaces)
    replayed = {one.id: one for one in installed.replayed}
    return Params(
        backend=catalogue.backend,
        package=installed.package,
        package_version=installed.version,
        relevant=counted.relevant,
        typed=counted.typed,
        found=counted.found,
        parameters=tuple(_parameter_rows(catalogue, installed)),
        combinations=tuple(_combination(rule, replayed.get(rule.id)) for rule in catalogue.rules),
        drift=tuple(_drift_row(one) for one in drift(catalogue, installed)) if looked else (),
        problems=tuple(
            ParameterProblem(parameter=one.parameter, rule=one.rule, said=one.said, refused=one.refused)
            for one in problems
        ),
    )


def _parameter_rows(catalogue: Catalogue, installed: Installed) -> list[ParameterRow]:
    rows = []
    for one in catalogue.parameters:
        row = stated(installed, one)
        seen = one.surface in installed.surfaces and not one.unstated
        rows.append(
            ParameterRow(
                name=one.name,
                surface=one.surface,
                kind=one.kind.text,
                touches=one.touches,
                installed=(row is not None) if seen else None,
                default=None if row is None else row.default,
            )
        )
    return rows


def _combination(rule: Any, replayed: Any) -> CombinationRow:
    return CombinationRow(
        id=rule.id,
        surface=rule.surface,
        when={name: condition.text for name, condition in rule.when.items()},
        why=rule.why,
        answer=rule.answer,
        replayed=None if replayed is None else replayed.answer,
        said="" if replayed is None else replayed.said,
    )


def _drift_row(one: Drift) -> DriftRow:
    change: Any = one.change
    return DriftRow(surface=one.surface, name=one.name, change=change, said=one.said)


def _lines(document: Params, asked: dict[str, Any], width: int | None) -> list[Line]:
    lines: list[Line] = [_head(document)]
    if asked["file"] is not None:
        return lines + _problem_lines(document)
    if asked["only_drift"]:
        rows = [(one.change, one.surface, one.name, one.said) for one in document.drift]
        return lines + (table_lines(_DRIFT, rows, width) if rows else ["no difference from the catalogue"])
    if asked["replay"]:
        return lines + _replay_lines(document, width)
    if asked["only_coverage"]:
        return lines
    shown = [(one.name, one.surface, one.touches, _default(one), one.kind) for one in document.parameters]
    return [*lines, *table_lines(_PARAMETERS, shown, width)]


def _head(document: Params) -> Line:
    version = document.package_version or "not installed here"
    found = "not looked at" if document.found is None else f"{document.found} found"
    text = f"{document.relevant} parameters bear on time, energy or memory: {document.typed} typed, {found}"
    return Styled(f"{document.backend} ({document.package} {version}): {text}", "bold")


def _default(row: ParameterRow) -> str:
    return "-" if row.default is None else str(row.default)


def _problem_lines(document: Params) -> list[Line]:
    if not document.problems:
        return ["nothing is wrong with them"]
    return [
        f"{'refused' if one.refused else 'doubtful'}: {one.parameter}: {one.said} [{one.rule}]"
        for one in document.problems
    ]


def _replay_lines(document: Params, width: int | None) -> list[Line]:
    tried = [one for one in document.combinations if one.replayed is not None]
    if not tried:
        return [f"none of {len(document.combinations)} combinations could be tried: is the package installed?"]
    surprising = [one for one in tried if not _as_said(one)]
    count = f"{len(tried)} of {len(document.combinations)} combinations tried, {len(surprising)} answered otherwise"
    rows = [(one.id, one.answer, one.replayed or "", one.said) for one in surprising]
    return [count, *(table_lines(_REPLAYED, rows, width) if rows else [])]
