"""Forms of an import: which list, and which column holds which field."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from firebreak.engine.registry.importing.kinds import KINDS
from firebreak.engine.registry.importing.mapping import Mapping, numbered
from firebreak.engine.registry.importing.sheet import Sheet
from firebreak.kernel.text import T
from firebreak.surfaces.common.uploads import LARGEST
from firebreak.surfaces.common.words import lazily

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx")
HOW = {
    "exact": T("按列名", "by its header"), "near": T("列名相近,请核对", "a similar header; please check"),
    "values": T("按内容猜的,请核对", "guessed from its values; please check"),
    "saved": T("按您的选择或上次的对应", "as chosen, or as last time"),
}
_WRONG_TYPE = lazily(
    "只收 CSV 和 XLSX。什么都没有导入。请在表格软件里另存一次。",
    "Only CSV and XLSX are taken. Nothing was imported. Save it as one of these.",
)
_TOO_LARGE = lazily(
    f"文件超过 {LARGEST // 2**20} MB。什么都没有导入。请拆成几个文件,或在服务器上用 firebreak import。",
    f"The file is larger than {LARGEST // 2**20} MB. Nothing was imported. Split it, or use firebreak import on the"
    " server.",
)
_NO_FILE = lazily("还没有选文件。什么都没有导入。请选一个。", "No file was chosen. Nothing was imported. Choose one.")
_EMPTY = lazily(
    "文件是空的。什么都没有导入。请检查选对了文件。",
    "The file is empty. Nothing was imported. Check that it is the right one.",
)


class UploadForm(forms.Form):
    """Which list it is, and the file."""

    kind = forms.ChoiceField(label=lazily("名单种类", "Kind of list"))
    file = forms.FileField(
        label=lazily("文件(CSV 或 XLSX)", "File (CSV or XLSX)"), error_messages={"required": _NO_FILE, "empty": _EMPTY},
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ENDINGS)}),
    )

    def __init__(self, *given: Any, too_large: bool = False, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["kind"].choices = [(key, kind.label) for key, kind in KINDS.items()]  # type: ignore[attr-defined]
        if too_large:
            self.fields["file"].error_messages["required"] = _TOO_LARGE  # the upload was dropped on its way

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse by ending and size before anything is read; the content is judged when it is opened."""
        sent: UploadedFile[bytes] = self.cleaned_data["file"]
        if PurePath(sent.name or "").suffix.lower() not in ENDINGS:
            raise forms.ValidationError(_WRONG_TYPE)
        if (sent.size or 0) > LARGEST:
            raise forms.ValidationError(_TOO_LARGE)
        return sent


class MappingForm(forms.Form):
    """One select per field of the kind; `expected_count` answers the questions about the file's size."""

    expected_count = forms.IntegerField(
        label=lazily("发送方的条数", "The sender's count"), required=False, min_value=0, max_value=10_000_000,
        help_text=lazily(
            "填了就会核对:行数不符不写入。", "When given it is checked: another number of rows is not written.",
        ),
    )

    def __init__(self, sheet: Sheet, mapping: Mapping, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.kind, self.names = KINDS[mapping.kind], numbered(sheet.headers)
        nothing = ("", T("(没有这一列)", "(no such column)"))
        for item in self.kind.fields:
            index = mapping.columns.get(item.key)
            found = HOW[mapping.how[item.key]] if item.key in mapping.how else ""
            self.fields[f"column-{item.key}"] = forms.ChoiceField(
                label=item.label, required=False, choices=[nothing, *((name, name) for name in self.names)],  # type: ignore[arg-type]  # both are read as text
                initial=self.names[index] if index is not None else "", help_text=found,  # type: ignore[arg-type]  # read as text
            )

    def columns(self) -> list[tuple[Any, bool]]:
        """(bound field, whether it is required) in the order of the kind."""
        return [(self[f"column-{item.key}"], item.required) for item in self.kind.fields]

    def chosen(self) -> dict[str, str]:
        """Header by field, as the person left it."""
        given = {item.key: self.cleaned_data.get(f"column-{item.key}", "") for item in self.kind.fields}
        return {key: header for key, header in given.items() if header}
