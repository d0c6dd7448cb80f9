"""From a file to a staged import: the list of imports with the upload, and the mapping of its columns."""

from typing import cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.engine.areas.models import Area
from firebreak.engine.registry.importing import actions, received
from firebreak.engine.registry.importing.kinds import KINDS
from firebreak.engine.registry.importing.listing import lay_out, read_sheet
from firebreak.engine.registry.importing.mapping import Mapping
from firebreak.engine.registry.importing.received import Received
from firebreak.engine.registry.importing.sheet import Sheet
from firebreak.engine.registry.models import ImportFile
from firebreak.engine.registry.rights import REGISTRY_IMPORT
from firebreak.kernel import clock
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import token_of
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, KeyPage, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.uploads import LARGEST
from firebreak.surfaces.console.imports.forms import MappingForm, UploadForm

ROWS_A_PAGE = 50
STATUS = {
    "staged": (T("待写入", "to be written"), "warn"), "applying": (T("写了一部分", "partly written"), "warn"),
    "applied": (T("已写入", "written"), ""), "abandoned": (T("已放弃", "given up"), ""),
}


@needs(REGISTRY_IMPORT, post=REGISTRY_IMPORT)
def import_list(request: HttpRequest) -> HttpResponse:
    """Earlier imports, and the form that takes a file."""
    by = actor(request)
    sent = int(request.META.get("CONTENT_LENGTH") or 0)
    form = UploadForm(request.POST or None, request.FILES or None, too_large=sent > LARGEST)
    if request.method == "POST" and form.is_valid():
        file = cast("UploadedFile[bytes]", form.cleaned_data["file"])
        given = Received(form.cleaned_data["kind"], (file.name or "")[:200], file.read())
        try:
            read_sheet(given.kind, given.content)
        except Refusal as refusal:
            form.add_error("file", str(refusal.text))
        else:
            return redirect("import-mapping", received.keep(given, by=by.ref))
    context = {"listing": _earlier(request, by), "form": form, "largest": LARGEST // 2**20}
    return render(request, "console/imports/imports.html", context, status=422 if form.errors else 200)


@needs(REGISTRY_IMPORT, post=REGISTRY_IMPORT)
def received_file(request: HttpRequest, token: str) -> HttpResponse:
    """How the columns were read, to be changed; a POST lays the file out and stages it for its dry run."""
    by = actor(request)
    given = received.reopened(token, by=by.ref)
    sheet, mapping = read_sheet(given.kind, given.content)
    form = MappingForm(sheet, mapping, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ref = _stage(given, form, by)
        except Refusal as refusal:
            form.add_error("expected_count" if refusal.code in _questions(form, given) else None, str(refusal.text))
        else:
            received.discard(token, by=by.ref)
            return redirect("import", token_of(ref))
    shown = {
        "form": form, "token": token, "name": given.name, "kind": KINDS[given.kind], "sheet": sheet,
        "unknown": [header or f"#{index + 1}" for index, header in mapping.unknown], "guessed": mapping.guessed,
        "asked": bool(sheet.questions), "left": sum(sheet.counts.values()) - sheet.counts["data"],
    }
    return render(request, "console/imports/mapping.html", shown, status=422 if form.errors else 200)


@needs(post=REGISTRY_IMPORT)
def discard_received(request: HttpRequest, token: str) -> HttpResponse:
    """Remove an upload that will not be used."""
    received.discard(token, by=actor(request).ref)
    tell(request, T("文件已删除,什么都没有导入。", "The file was removed; nothing was imported."))
    return redirect("imports")


def _stage(given: Received, form: MappingForm, by: Actor) -> str:
    sheet, mapping = _as_chosen(given, form)
    begun = actions.resumable(given.kind, sheet.sha256, mapping.as_json())
    if begun is not None and begun.by == by.ref:
        return begun.ref
    listing = lay_out(sheet, mapping, name=given.name, by=by)
    return actions.stage_import(listing=listing, by=by, at=clock.now())


def _as_chosen(given: Received, form: MappingForm) -> tuple[Sheet, Mapping]:
    expected = form.cleaned_data.get("expected_count")
    return read_sheet(given.kind, given.content, saved={"columns": form.chosen()}, expected_count=expected)


def _questions(form: forms.Form, given: Received) -> set[str]:
    """Codes of the questions that the sender's count answers."""
    expected = form.cleaned_data.get("expected_count")
    sheet, _ = read_sheet(given.kind, given.content, expected_count=expected)
    return {note.code for note in sheet.questions}


def visible_files(by: Actor) -> QuerySet[ImportFile]:
    """The imports this person may open: their own, and everybody's for who imports for the whole district."""
    district = Area.objects.filter(level=Area.Level.DISTRICT).values_list("path", flat=True).first() or "/"
    files = ImportFile.objects.order_by("-id")
    return files if by.may(REGISTRY_IMPORT, area=district) else files.filter(by=by.ref)


def _earlier(request: HttpRequest, by: Actor) -> Listing:
    files, after = visible_files(by), request.GET.get("after", "")
    if after.isdecimal():
        files = files.filter(id__lt=int(after))
    found = list(files[: ROWS_A_PAGE + 1])
    rows = tuple(
        Row((
            Cell(one.name, small=KINDS[one.kind].label), Cell(STATUS[one.status][0], tone=STATUS[one.status][1]),  # type: ignore[arg-type]  # the tones stand in STATUS
            one.rows, one.accepted, one.rejected, one.duplicate, one.at,
        ), href=reverse("import", args=[token_of(one.ref)]))
        for one in found[:ROWS_A_PAGE]
    )
    more = f"{request.path}?after={found[ROWS_A_PAGE - 1].pk}" if len(found) > ROWS_A_PAGE else ""
    return Listing(
        T("导入过的名单", "Imports"), (
            Column(T("文件", "File")), Column(T("状态", "State")), Column(T("行", "Rows"), numeric=True),
            Column(T("接收", "Accepted"), numeric=True), Column(T("退回", "Rejected"), numeric=True),
            Column(T("重复", "Duplicate"), numeric=True), Column(T("何时", "When")),
        ), rows, page=KeyPage(len(rows), first_href=request.path if after else "", next_href=more),
        empty=T("还没有导入过。选好种类和文件即可开始。", "Nothing was imported yet. Choose a kind and a file."),
    )
