"""The files that newsrooms drop into their own repositories do what docs/ci.md says: each is run here."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
BAD = "Talks on middle East ended, he said in interview to CNN.\n"
MENDED = "Talks on Middle East ended, he said in interview to CNN.\n"
GOOD = "The talks ended on Monday, officials said.\n"
SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
Ran = subprocess.CompletedProcess[str]


def environment(**more: str) -> dict[str, str]:
    """This environment, with mtcheck on the path and no trace of a CI that runs this test."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "CI", "RUNNER_", "GIT_"))}
    who = {f"GIT_{role}_{what}": "x@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return kept | who | {"PATH": f"{BIN}{os.pathsep}{kept['PATH']}"} | more


def git(folder: Path, *words: str) -> str:
    made = subprocess.run(["git", *words], cwd=folder, env=environment(), capture_output=True, text=True, check=True)
    return made.stdout.strip()


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    """A repository with an old article on its main branch and a worse one on the branch that is checked out."""
    folder = tmp_path / "newsroom"
    (folder / "articles").mkdir(parents=True)
    (folder / "articles" / "old.md").write_text(BAD, encoding="utf-8")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=old")
    git(folder, "switch", "--quiet", "--create=news")
    (folder / "articles" / "new.md").write_text(GOOD + "\n" + BAD, encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=new")
    return folder


# -- schemas


@pytest.mark.parametrize(
    "arguments",
    [
        ("--builtin-schema", "vendor.github-actions", "action.yml"),
        ("--builtin-schema", "vendor.github-workflows", ".github/workflows/articles.yml"),
        ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", "ci/gitlab.yml"),
    ],
)
def test_files_follow_their_public_schemas(arguments: tuple[str, ...]) -> None:
    ran = subprocess.run([BIN / "check-jsonschema", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


# -- pre-commit


def pre_commit(newsroom: Path, home: Path, *words: str) -> Ran:
    command = [str(BIN / "pre-commit"), *words]
    env = environment(PRE_COMMIT_HOME=str(home), MTCHECK_CACHE=str(home / "cache"))
    return subprocess.run(command, cwd=newsroom, env=env, capture_output=True, text=True, check=False)


def test_pre_commit_checks_and_mends_what_is_staged(newsroom: Path, tmp_path: Path) -> None:
    hooks = tmp_path / "mtcheck"
    hooks.mkdir()
    (hooks / ".pre-commit-hooks.yaml").write_bytes((ROOT / ".pre-commit-hooks.yaml").read_bytes())
    git(hooks, "init", "--quiet")
    git(hooks, "add", ".")
    git(hooks, "commit", "--quiet", "--message=hooks")
    # As shipped, but run by the mtcheck that is tested here: pre-commit would install one of its own.
    here = [{"id": name, "language": "unsupported", "files": "^articles/"} for name in ("mtcheck-fix", "mtcheck")]
    config = {"repos": [{"repo": hooks.as_uri(), "rev": git(hooks, "rev-parse", "HEAD"), "hooks": here}]}
    (newsroom / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    article = newsroom / "articles" / "new.md"
    article.write_text(BAD, encoding="utf-8")
    git(newsroom, "add", ".")
    first = pre_commit(newsroom, tmp_path / "home", "run")
    assert first.returncode == 1, first.stdout + first.stderr
    assert article.read_text(encoding="utf-8") == MENDED
    assert "files were modified by this hook" in first.stdout
    assert "articles/new.md:1:37: minor wrong-preposition-after-noun" in first.stdout
    assert "old.md" not in first.stdout, "it is not staged"
    article.write_text(GOOD, encoding="utf-8")
    git(newsroom, "add", ".")
    second = pre_commit(newsroom, tmp_path / "home", "run")
    assert second.returncode == 0, second.stdout + second.stderr
    assert second.stdout.count("Passed") == 2


# -- GitHub


def action() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return parsed


def step(name: str) -> dict[str, Any]:
    return next(one for one in action()["runs"]["steps"] if one.get("name") == name)


def run_step(name: str, folder: Path, inputs: dict[str, str], **more: str) -> Ran:
    """A step of the action, run as GitHub does; ``inputs`` as a workflow gives them, the others by default."""
    given = {key: str(one["default"]) for key, one in action()["inputs"].items()} | inputs
    values = {f"inputs.{key}": value for key, value in given.items()} | {"github.action_path": str(ROOT)}
    found = step(name)

    def expression(match: re.Match[str]) -> str:
        return values[match[1]]

    env = {key: re.sub(r"\$\{\{ ([\w.-]+) \}\}", expression, value) for key, value in found["env"].items()}
    assert "${{" not in found["run"], "an expression in a script is a way in for who names a branch"
    command = [*SHELL, found["run"]]
    return subprocess.run(
        command, cwd=folder, env=environment(**env, **more), capture_output=True, text=True, check=False
    )


def run_check(newsroom: Path, tmp_path: Path, **inputs: str) -> tuple[Ran, dict[str, str], str]:
    files = {name: tmp_path / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.write_text("", encoding="utf-8")
    inputs = {"changed-since": "main"} | {key.replace("_", "-"): value for key, value in inputs.items()}
    paths = {name: str(file) for name, file in files.items()}
    ran = run_step("Check articles", newsroom, inputs, RUNNER_TEMP=str(tmp_path), **paths)
    outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines())
    return ran, outputs, files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")


def test_the_action_annotates_sums_up_and_writes_sarif(newsroom: Path, tmp_path: Path) -> None:
    ran, outputs, summary = run_check(newsroom, tmp_path)
    assert ran.returncode == 1, ran.stderr
    annotations = [line for line in ran.stdout.splitlines() if line.startswith("::")]
    assert len(annotations) == 2
    assert all(line.startswith("::warning file=articles/new.md,line=3,") for line in annotations), annotations
    assert outputs == {"status": "1", "findings": "2", "new": "2", "errors": "0"}
    assert set(outputs) < set(action()["outputs"])
    assert "articles/new.md" in summary
    assert "lower-case-region" in summary
    sarif = json.loads((newsroom / "mtcheck.sarif").read_text(encoding="utf-8"))
    assert [result["ruleId"] for result in sarif["runs"][0]["results"]] == [
        "lower-case-region",
        "wrong-preposition-after-noun",
    ]


@pytest.mark.parametrize(
    ("inputs", "status", "findings"),
    [
        ({"fail_on": "never"}, 0, "2"),
        ({"fail_on": "major"}, 0, "2"),
        ({"changed_since": ""}, 1, "4"),
        ({"paths": "articles/o*.md articles/n*.md", "changed_since": "", "args": "--ignore lower-case-region"}, 1, "2"),
        ({"paths": "$(touch hacked);*"}, 2, None),
        ({"changed_since": "no-such-branch", "fail_on": "never"}, 2, None),
    ],
)
def test_the_inputs_of_the_action(
    newsroom: Path, tmp_path: Path, inputs: dict[str, str], status: int, findings: str | None
) -> None:
    ran, outputs, _ = run_check(newsroom, tmp_path, **inputs)
    assert (ran.returncode, outputs.get("findings")) == (status, findings), ran.stderr
    assert outputs["status"] == str(status) or inputs["fail_on"] in ("never", "major")
    assert not (newsroom / "hacked").exists()


@pytest.mark.parametrize(
    ("inputs", "asked"),
    [
        ({}, f"-m pip install --quiet --constraint {ROOT}/constraints.txt {ROOT}"),
        ({"models": "true"}, f"-m pip install --quiet --constraint {ROOT}/constraints.txt {ROOT}[models]"),
        ({"version": "0.1.0"}, "-m pip install --quiet mtcheck==0.1.0"),
        ({"version": "0.1.0", "models": "true"}, "-m pip install --quiet mtcheck[models]==0.1.0"),
    ],
)
def test_the_action_installs_what_was_asked_for(tmp_path: Path, inputs: dict[str, str], asked: str) -> None:
    stand_in = tmp_path / "python"
    stand_in.write_text('#!/bin/sh\necho "$@"\n', encoding="utf-8")
    stand_in.chmod(0o755)
    ran = run_step("Install mtcheck", tmp_path, inputs, PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert (ran.returncode, ran.stdout) == (0, f"{asked}\n"), ran.stderr


def test_the_workflow_gives_inputs_and_reads_outputs_that_the_action_has() -> None:
    workflow = (ROOT / ".github" / "workflows" / "articles.yml").read_text(encoding="utf-8")
    steps = yaml.safe_load(workflow)["jobs"]["mtcheck"]["steps"]
    [used] = [one for one in steps if one.get("uses") == "./"]
    assert set(used["with"]) <= set(action()["inputs"])
    assert set(re.findall(r"steps\.mtcheck\.outputs\.([\w-]+)", workflow)) <= set(action()["outputs"])


# -- GitLab


def gitlab_job() -> dict[str, Any]:
    parsed = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8"))
    assert parsed["mtcheck"] == {"extends": ".mtcheck"}
    job: dict[str, Any] = parsed[".mtcheck"]
    return job


@pytest.mark.parametrize(("since", "findings"), [("main", 2), ("", 4)])
def test_the_gitlab_job_writes_the_reports_it_hands_in(newsroom: Path, since: str, findings: int) -> None:
    job = gitlab_job()
    variables = {**job["variables"], "MTCHECK_INSTALL": "", "CI_PROJECT_DIR": str(newsroom)}
    env = environment(**variables, **({"CI_MERGE_REQUEST_DIFF_BASE_SHA": since} if since else {}))
    script = "\n".join([*job["before_script"], *job["script"]])
    ran = subprocess.run([*SHELL, script], cwd=newsroom, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stderr
    reports = job["artifacts"]["reports"]
    quality = json.loads((newsroom / reports["codequality"]).read_text(encoding="utf-8"))
    assert len(quality) == findings
    assert quality[-1]["location"]["path"].startswith("articles/")
    suites = ET.parse(newsroom / reports["junit"]).getroot()
    assert len(suites.findall(".//failure")) == findings


# -- the page


def test_the_page_shows_what_is_shipped(newsroom: Path, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    hooks = {one["id"] for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    assert set(re.findall(r"- id: ([\w-]+)", page)) == hooks
    for name in action()["inputs"] | action()["outputs"]:
        assert f"`{name}`" in page, name
    for name in gitlab_job()["variables"]:
        assert f"`{name}`" in page or not name.startswith("MTCHECK_"), name
    makefile = re.search(r"(?:^    .*\n)+", page[page.index("## make") :], re.MULTILINE)
    assert makefile
    (newsroom / "Makefile").write_text(re.sub("^    ", "", makefile[0], flags=re.MULTILINE), encoding="utf-8")
    ran = subprocess.run(
        ["make", "articles"], cwd=newsroom, env=environment(), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2, "make's own status when a command fails"
    assert "articles/new.md:3:" in ran.stdout
    assert "old.md" not in ran.stdout, "it is on the main branch"


# -- what hooks and jobs install


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["check", "--fast", "--no-cache", "articles"], 1, "4 findings"),
        (["check", "--fast", "--no-cache", "--format", "sarif", "articles"], 1, "4 findings"),
        (["fix", "--fast", "--diff", "articles"], 1, "would fix 2 findings"),
        (["baseline", "create", "--fast", "articles"], 0, "4 added"),
        (["diff", "articles/old.md", "articles/new.md"], 1, ""),
        (["settings", "articles"], 0, ""),
        (["models", "list"], 0, ""),
        (["check", "--no-cache", "articles"], 2, "pip install 'mtcheck[models]', or use --fast"),
        (["review", "articles/new.md"], 2, "pip install 'mtcheck[models]', or use --fast"),
    ],
)
def test_rules_need_nothing_that_only_models_need(
    newsroom: Path, tmp_path: Path, arguments: list[str], status: int, told: str
) -> None:
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    wanted = {re.split(r"[<>=\[]", one)[0].lower() for one in extra["models"]}
    modules = [name for name, of in packages_distributions().items() if wanted & {one.lower() for one in of}]
    assert {"torch", "ctranslate2", "spacy"} <= set(modules)
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({modules!r}))\nfrom mtcheck.cli import main; main({arguments!r})"
    )
    env = environment(MTCHECK_CACHE=str(tmp_path / "cache"))
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, cwd=newsroom, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == status, ran.stderr
    assert told in ran.stderr
