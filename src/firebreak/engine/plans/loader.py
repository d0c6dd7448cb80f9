"""Reads a plan pack and refuses it with file and line unless every part of it is right.

`load_pack` for those who need the pack, `check_pack` for those who want to know what is wrong with it.
Only registered sections are known; the domains register theirs in `plan.py`. Writes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from firebreak.engine.plans.lines import Path as KeyPath
from firebreak.engine.plans.packs import Meta, Pack
from firebreak.engine.plans.problems import PackFaulty, Problem, faults_of, meant
from firebreak.engine.plans.reading import Document, read_documents, read_folder, read_rows, read_texts
from firebreak.engine.plans.sections import Section, doubled_keys, registered_sections
from firebreak.engine.plans.values import Citation, FromCsv, TextName
from firebreak.kernel.text import T

M = TypeVar("M", bound=BaseModel)


def load_pack(folder: Path) -> Pack:
    """The pack in a folder; an amendment with the files it inherits. Errors: `PackFaulty` with every problem found."""
    folder = folder.resolve()
    own, unreadable = read_folder(folder)
    inherited, missing = _inherited(folder, own)
    files = {**inherited, **own}
    pack, problems = examine(files)
    problems = [*unreadable, *missing, *problems]
    if pack is not None and pack.meta.id != folder.name:
        problems.append(_misplaced(pack, folder, files))
    return _whole(pack, problems)


def load_content(content: Mapping[str, Any]) -> Pack:
    """The pack of stored content, as `Pack.as_json` wrote it. Errors: `ValidationError` of another program's pack."""
    registered = registered_sections()
    sections = {
        name: registered[name].model_validate(_as_tuples(part))
        for name, part in content["sections"].items() if name in registered
    }
    return Pack(Meta.model_validate(_as_tuples(content["plan"])), sections, content["texts"], content)


def check_pack(folder: Path) -> list[Problem]:
    """All problems of the pack in a folder, in the order of files and lines; empty when it is right."""
    try:
        load_pack(folder)
    except PackFaulty as faulty:
        return faulty.problems
    return []


def examine(files: Mapping[str, str]) -> tuple[Pack | None, list[Problem]]:
    """The pack in these files as far as it can be understood, and every problem. `None` without a sound plan.toml."""
    documents, problems = read_documents(files)
    if "plan" not in documents:
        if not any(problem.file == "plan.toml" for problem in problems):
            problems.append(Problem("plan.toml", 1, "缺少 plan.toml。", "plan.toml is missing."))
        return None, sorted(problems)
    registered = registered_sections()
    unread: set[str] = set()
    for name, document in documents.items():
        for field in _csv_fields(registered.get(name)):
            faults = read_rows(document, field, files)
            problems += faults
            unread |= {name} if faults else set()
    texts = read_texts(files)
    content = _content(documents, texts)
    meta = _validated(Meta, documents["plan"], problems)
    sections = {
        name: section for name, model in registered.items()
        if name in documents.keys() - unread and (section := _validated(model, documents[name], problems)) is not None
    }
    problems += _file_problems(documents, files, registered, meta)
    if meta is None:
        return None, sorted(problems)
    pack = Pack(meta, sections, texts, content)
    problems += _pack_problems(pack, documents, files)
    return pack, sorted(set(problems))


def _whole(pack: Pack | None, problems: list[Problem]) -> Pack:
    if problems or pack is None:
        raise PackFaulty(sorted(problems))
    return pack


def _inherited(folder: Path, own: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """The files of the pack that this one amends; nothing for a pack that stands alone."""
    document = read_documents({"plan.toml": own.get("plan.toml", "")})[0].get("plan")
    base = document.content.get("amends") if document else None
    if document is None or not isinstance(base, str) or not base:
        return {}, []
    files, problems = read_folder(folder.parent / base)
    if problems or "plan.toml" not in files:
        return {}, [document.problem(("amends",), f"旁边没有可修订的预案“{base}”。",
                                     f"There is no plan '{base}' beside this one to amend.")]
    if "amends" in read_documents({"plan.toml": files["plan.toml"]})[0]["plan"].content:
        return {}, [document.problem(("amends",), f"“{base}”本身就是修订,请修订它的原预案。",
                                     f"'{base}' is an amendment itself; amend the plan it amends.")]
    return files, []


def _misplaced(pack: Pack, folder: Path, files: Mapping[str, str]) -> Problem:
    document = read_documents({"plan.toml": files["plan.toml"]})[0]["plan"]
    return document.problem(("id",), f"编号“{pack.meta.id}”与目录名“{folder.name}”不一致。",
                            f"The id '{pack.meta.id}' is not the name of its folder, '{folder.name}'.")


def _content(documents: Mapping[str, Document], texts: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that counts for the hash."""
    sections = {name: document.content for name, document in documents.items() if name != "plan"}
    return {"plan": documents["plan"].content, "sections": sections, "texts": texts}


def _validated(model: type[M], document: Document, problems: list[Problem]) -> M | None:
    try:
        return model.model_validate(_as_tuples(document.content))
    except ValidationError as error:
        problems += [document.problem(path, text.zh, text.en) for path, text in faults_of(error, model)]
        return None


def _as_tuples(value: Any) -> Any:  # Any: whatever TOML holds
    """The same content with tuples for lists: what is read is never changed."""
    if isinstance(value, dict):
        return {key: _as_tuples(part) for key, part in value.items()}
    return tuple(_as_tuples(part) for part in value) if isinstance(value, list) else value


def _csv_fields(model: type[Section] | None) -> list[str]:
    if model is None:
        return []
    return [name for name, field in model.model_fields.items()
            if any(isinstance(mark, FromCsv) for mark in field.metadata)]


def _file_problems(
    documents: Mapping[str, Document], files: Mapping[str, str], registered: Iterable[str], meta: Meta | None
) -> Iterator[Problem]:
    """Files nobody asked for, and sections that are not there."""
    registered = list(registered)
    for name, document in documents.items():
        if name not in registered and name != "plan":
            hint = meant(name, registered)
            yield Problem(document.file, 1, f"没有名为“{name}”的预案部分。{hint.zh}",
                          f"There is no plan section '{name}'.{hint.en}")
    named = {file for document in documents.values() for file, _ in document.rows.values()}
    for file in files:
        if file.endswith(".csv") and file not in named:
            yield Problem(file, 1, "没有任何部分引用这个文件。", "No section names this file.")
        if file.endswith(".txt") and not file.startswith(("texts/zh/", "texts/en/")):
            yield Problem(file, 1, "文本要放在 texts/zh/ 或 texts/en/ 下。", "Texts belong in texts/zh/ or texts/en/.")
    without = registered if meta is None else meta.without
    for name in registered:
        if name not in without and f"{name}.toml" not in files:
            yield Problem("plan.toml", 1, f"缺少 {name}.toml;若本预案不需要,请写入 without。",
                          f"{name}.toml is missing; if this plan does without it, list it in 'without'.")


def _pack_problems(pack: Pack, documents: Mapping[str, Document], files: Mapping[str, str]) -> Iterator[Problem]:
    """What only shows when the parts are seen together."""
    used: set[str] = set()
    for name, part in {"plan": pack.meta, **pack.sections}.items():
        document = documents[name]
        for path, model in _models(part, ()):
            if isinstance(model, Citation) and model.source and model.source not in pack.meta.sources:
                hint = meant(model.source, pack.meta.sources)
                yield document.problem((*path, "source"), f"plan.toml 里没有出处“{model.source}”。{hint.zh}",
                                       f"plan.toml has no source '{model.source}'.{hint.en}")
            for step, text in _named_texts(model):
                used.add(text)
                yield from _text_problems(pack, document, (*path, step), text)
    complete = len(pack.sections) + len(pack.meta.without) >= len(registered_sections())
    for language in pack.meta.languages if complete else ():
        for text in pack.texts[language].keys() - used:
            file = f"texts/{language}/{text}.txt"
            yield Problem(file, 1, "没有任何部分引用这个文本。", "No section names this text.")
    if not list(_missing_texts(pack, used)):
        for name, section in pack.sections.items():
            for misfit in (*doubled_keys(section), *section.misfits(pack)):
                yield documents[name].problem(misfit.path, misfit.text.zh, misfit.text.en)
    if pack.meta.authority is not None and pack.meta.authority.signed_hash != pack.hash:
        yield documents["plan"].problem(
            ("authority", "signed_hash"), f"签署之后内容有改动:现在的内容指纹是 {pack.hash}。",
            f"The pack was changed after it was signed: its content hash is now {pack.hash}.")


def _missing_texts(pack: Pack, used: Iterable[str]) -> Iterator[tuple[str, str]]:
    for language in pack.meta.languages:
        for text in used:
            if text not in pack.texts[language]:
                yield language, text


def _text_problems(pack: Pack, document: Document, path: KeyPath, text: str) -> Iterator[Problem]:
    for language, name in _missing_texts(pack, [text]):
        elsewhere = any(name in texts for texts in pack.texts.values())
        hint = T("", "") if elsewhere else meant(name, pack.texts[language])
        yield document.problem(path, f"缺少文本 texts/{language}/{name}.txt。{hint.zh}",
                               f"The text texts/{language}/{name}.txt is missing.{hint.en}")


def _models(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, BaseModel]]:
    """Every table and row inside a part, with its path."""
    if isinstance(value, BaseModel):
        yield path, value
        for name in type(value).model_fields:
            yield from _models(getattr(value, name), (*path, name))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _models(part, (*path, key))
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from _models(part, (*path, number))


def _named_texts(model: BaseModel) -> Iterator[tuple[str, str]]:
    for name, field in type(model).model_fields.items():
        if any(isinstance(mark, TextName) for mark in field.metadata) and getattr(model, name):
            yield name, getattr(model, name)
