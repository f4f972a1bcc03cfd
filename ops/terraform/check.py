"""Checks the Terraform: format, validity, its tests and the first boot, with a provider that needs neither Oracle nor a network.

Without Terraform and OpenTofu it is left out with a line that says so; continuous integration (`CI=true`) builds OpenTofu.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ops.checks import first_boot
from ops.checks.tools import CACHE, NotHad, environment, left_out

FOLDER = Path(__file__).resolve().parent
MODULE, VERSION = "github.com/opentofu/opentofu", "v1.12.6"
BINARY = CACHE / "bin" / f"tofu-{VERSION}"
PROVIDER_VERSION = "8.28.0"
QUIET = {"TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1", "TF_CLI_ARGS": "-no-color"}
HOSTS = ["registry.terraform.io", "registry.opentofu.org"]


def go() -> str | None:
    """Return the path of Go's command, or `None`."""
    return shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")


def is_available() -> bool:
    """Tell whether `build` can work."""
    return BINARY.exists() or go() is not None


def build() -> Path:
    """Return OpenTofu, made on the first call (some minutes). `go install` refuses a module that replaces another."""
    if BINARY.exists():
        return BINARY
    command = go()
    if command is None:
        raise RuntimeError("building OpenTofu needs Go")
    download = [command, "mod", "download", "-json", f"{MODULE}@{VERSION}"]
    answer = subprocess.run(download, cwd=tempfile.gettempdir(), capture_output=True, check=True)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        shutil.copytree(json.loads(answer.stdout)["Dir"], source, copy_function=shutil.copy)
        built = Path(folder, "tofu")
        subprocess.run([command, "build", "-buildvcs=false", "-o", built, "./cmd/tofu"], cwd=source, check=True)
        BINARY.parent.mkdir(parents=True, exist_ok=True)
        ready = BINARY.with_suffix(f".{os.getpid()}")
        shutil.copy(built, ready)
        ready.rename(BINARY)
    return BINARY


def tool() -> str | None:
    """Return Terraform or OpenTofu, whichever is there."""
    found = shutil.which("terraform") or shutil.which("tofu")
    if found:
        return found
    if BINARY.exists() or os.environ.get("CI"):
        return str(build())
    return None


def lay_mirror(folder: Path) -> Path:
    """Make a mirror with the stand-in as the provider; return the configuration that names it."""
    python = environment(FOLDER / "offline" / "provider.txt") / "python"
    script = f'#!/bin/sh\nexec "{python}" "{FOLDER / "offline" / "provider.py"}"\n'
    for host in HOSTS:
        place = folder / "mirror" / host / "oracle" / "oci" / PROVIDER_VERSION / platform()
        place.mkdir(parents=True)
        binary = place / f"terraform-provider-oci_v{PROVIDER_VERSION}"
        binary.write_text(script, encoding="utf-8")
        binary.chmod(0o755)
    configuration = folder / "terraform.rc"
    mirror = f'filesystem_mirror {{\n    path = "{folder / "mirror"}"\n  }}'
    configuration.write_text(f"provider_installation {{\n  {mirror}\n}}\n", encoding="utf-8")
    return configuration


def platform() -> str:
    machine = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}[os.uname().machine]
    return f"{os.uname().sysname.lower()}_{machine}"


def check(terraform: str, copy: Path, configuration: Path) -> int:
    """Check a copy of this folder: what `init` leaves behind depends on the stand-in."""
    environment_of_calls = {**os.environ, "TF_CLI_CONFIG_FILE": str(configuration), **QUIET}

    def run(*arguments: str, at: Path = copy) -> None:
        subprocess.run([terraform, *arguments], cwd=at, env=environment_of_calls, check=True)

    try:
        run("fmt", "-check", "-diff", "-recursive")
        for each in sorted((copy / "environments").iterdir()):
            run("init", "-input=false", "-backend=false", at=each)
            run("validate", at=each)
        prickle = copy / "modules" / "prickle"
        run("init", "-input=false", "-backend=false", at=prickle)
        run("test", at=prickle)
        boot = copy / "modules" / "cloud_init"
        run("init", "-input=false", at=boot)
        run("apply", "-auto-approve", "-var", 'deployment={"DOMAIN"="chat.example.org"}', at=boot)
        output = [terraform, "output", "-raw", "text"]
        text = subprocess.run(output, cwd=boot, env=environment_of_calls, check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        return int(error.returncode)
    try:
        return 0 if first_boot.validates(text.stdout) else 1
    except NotHad as reason:
        return left_out("cloud-init's schema", reason)


def main() -> int:
    """Check; return the exit code."""
    terraform = tool()
    if terraform is None:
        return left_out("Terraform", "neither terraform nor tofu is installed; `CI=true make check` builds OpenTofu")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "terraform")
        shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns(".terraform*", "*.tfvars", "*.tfstate*"))
        for each in (copy / "environments").iterdir():
            for name in ("bootstrap.crt", "bootstrap.key"):
                (each / name).touch()
        try:
            return check(terraform, copy, lay_mirror(Path(folder)))
        except NotHad as reason:
            return left_out("Terraform", reason)


if __name__ == "__main__":
    sys.exit(main())
