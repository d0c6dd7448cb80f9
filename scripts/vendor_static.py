"""Fetch the browser files this repository carries, and check the ones it has.

`python -m scripts.vendor_static` fetches each package with the configured npm client, keeps only the files
listed below with the licence text, draws the icon sprite, and writes `vendor.json`. `--check` fetches nothing:
it compares the committed files with `vendor.json`. Never runs when the program runs.
"""

import argparse
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parents[1] / "src/firebreak/surfaces/common/static"
VENDOR = STATIC / "vendor"
SPRITE = STATIC / "firebreak/icons.svg"
RECORD = VENDOR / "vendor.json"


@dataclass(frozen=True, slots=True)
class Package:
    """An npm package at a version: which of its files are kept, under which name, and its licence."""

    npm: str
    name: str
    version: str
    licence: str
    files: dict[str, str]

    @property
    def folder(self) -> Path:
        return VENDOR / f"{self.name}-{self.version}"


PACKAGES = (
    Package("htmx.org", "htmx", "4.0.1", "0BSD", {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "LICENSE"}),
    Package(
        "maplibre-gl",
        "maplibre-gl",
        "6.17.0",
        "BSD-3-Clause",
        {
            "dist/maplibre-gl.mjs": "maplibre-gl.mjs",
            "dist/maplibre-gl-worker.mjs": "maplibre-gl-worker.mjs",
            "dist/maplibre-gl.css": "maplibre-gl.css",
            "LICENSE.txt": "LICENSE",
        },
    ),
    Package("idb", "idb", "8.0.4", "ISC", {"build/index.js": "index.js", "LICENSE": "LICENSE"}),
    Package(
        "barcode-detector",
        "barcode-detector",
        "3.2.2",
        "MIT",
        {
            "dist/es/ponyfill.js": "ponyfill.js",
            "dist/es/zxing-exported.js": "zxing-exported.js",
            "LICENSE": "LICENSE",
        },
    ),
    Package(
        "zxing-wasm",
        "zxing-wasm",
        "3.1.3",
        "MIT",
        {"dist/reader/zxing_reader.wasm": "zxing_reader.wasm", "LICENSE": "LICENSE"},
    ),
)
ICONS = Package("@tabler/icons", "tabler-icons", "3.51.0", "MIT", {"LICENSE": "LICENSE"})
ICON_NAMES = (
    "alert-triangle",
    "arrow-back-up",
    "arrow-right",
    "barcode",
    "building",
    "camera",
    "check",
    "chevron-down",
    "chevron-right",
    "clock",
    "cloud-off",
    "download",
    "eye",
    "eye-off",
    "file-text",
    "filter",
    "flag",
    "home",
    "key",
    "language",
    "list",
    "lock",
    "logout",
    "map",
    "menu-2",
    "message",
    "phone",
    "plus",
    "printer",
    "refresh",
    "search",
    "settings",
    "shield-check",
    "square-check",
    "test-pipe",
    "upload",
    "user",
    "users",
    "wifi-off",
    "x",
)


def main(arguments: list[str] | None = None) -> int:
    """Fetch and record, or check. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Fetch or check the vendored browser files.")
    parser.add_argument("--check", action="store_true", help="compare committed files with vendor.json")
    if parser.parse_args(arguments).check:
        problems = differences()
        for problem in problems:
            print(problem, file=sys.stderr)
        return 1 if problems else 0
    fetch_all()
    return 0


def fetch_all() -> None:
    """Replace every vendored file and write the record anew."""
    record = []
    for package in PACKAGES:
        members = unpack(package)
        for inside, kept in package.files.items():
            write(package.folder / kept, members[inside])
        record.append(entry(package, [package.folder / kept for kept in package.files.values()]))
    members = unpack(ICONS)
    write(ICONS.folder / "LICENSE", members["LICENSE"])
    write(SPRITE, sprite({name: members[f"icons/outline/{name}.svg"].decode() for name in ICON_NAMES}).encode())
    record.append(entry(ICONS, [ICONS.folder / "LICENSE", SPRITE]))
    write(RECORD, (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode())


def unpack(package: Package) -> dict[str, bytes]:
    """Every file of the published package, by its path inside."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", f"{package.npm}@{package.version}"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (archive,) = Path(folder).glob("*.tgz")
        content = archive.read_bytes()
    members: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(content)) as opened:
        for member in opened.getmembers():
            file = opened.extractfile(member)
            if file is not None:
                members[member.name.partition("/")[2]] = without_map(file.read())
    return members


def without_map(content: bytes) -> bytes:
    """The file without its pointer to a source map, which is not carried."""
    return re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"\n", content)


def sprite(drawings: dict[str, str]) -> str:
    """One SVG of symbols; each keeps the 24-unit box and takes its colour from the words beside it."""
    symbols = []
    for name, drawing in drawings.items():
        inside = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", drawing, flags=re.DOTALL)
        inside = re.sub(r"\s+", " ", inside).strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inside}</symbol>')
    head = '<svg xmlns="http://www.w3.org/2000/svg" fill="none" stroke="currentColor" stroke-width="2"'
    return f'{head} stroke-linecap="round" stroke-linejoin="round">\n' + "\n".join(symbols) + "\n</svg>\n"


def entry(package: Package, files: list[Path]) -> dict[str, object]:
    """What the record says about a package."""
    sums = {str(file.relative_to(STATIC)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    return {"name": package.npm, "version": package.version, "licence": package.licence, "sha256": sums}


def differences() -> list[str]:
    """Committed files that the record does not know, or that differ from it."""
    record = json.loads(RECORD.read_text("utf-8"))
    expected = {name: digest for package in record for name, digest in package["sha256"].items()}
    present = {str(file.relative_to(STATIC)) for file in VENDOR.rglob("*") if file.is_file() and file != RECORD}
    problems = [f"not in vendor.json: {name}" for name in sorted(present - expected.keys())]
    for name, digest in expected.items():
        file = STATIC / name
        if not file.exists():
            problems.append(f"missing: {name}")
        elif hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            problems.append(f"differs from vendor.json: {name}")
    return problems


def write(file: Path, content: bytes) -> None:
    """Write `content`, making its folder."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


if __name__ == "__main__":
    raise SystemExit(main())
