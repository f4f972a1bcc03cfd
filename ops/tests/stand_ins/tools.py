"""Stand-ins for `oci`, `certbot` and `getent`: they record each call and keep a load balancer in a file."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["STAND_IN"])
TEXTS = {
    "--default-backend-set-name": ("default-backend-set-name",),
    "--protocol": ("protocol",),
    "--ssl-certificate-name": ("ssl-configuration", "certificate-name"),
    "--cipher-suite-name": ("ssl-configuration", "cipher-suite-name"),
    "--server-order-preference": ("ssl-configuration", "server-order-preference"),
}
VALUES = {
    "--port": ("port",),
    "--rule-set-names": ("rule-set-names",),
    "--connection-configuration-idle-timeout": ("connection-configuration", "idle-timeout"),
    "--protocols": ("ssl-configuration", "protocols"),
    "--ssl-session-resumption": ("ssl-configuration", "has-session-resumption"),
    "--ssl-verify-depth": ("ssl-configuration", "verify-depth"),
    "--ssl-verify-peer-certificate": ("ssl-configuration", "verify-peer-certificate"),
}
"""Options of `oci lb listener update`, and where in a listener each is; whatever is not given is gone afterwards."""
OTHER = {"--load-balancer-id", "--listener-name", "--wait-for-state"}


def record(call: str) -> None:
    with (FOLDER / "calls").open("a") as log:
        log.write(call + "\n")


def getent() -> int:
    record("getent")
    print(f"{os.environ.get('ADDRESS', '192.0.2.7')} STREAM chat.example.org")
    return 0


def certbot() -> int:
    what = os.environ.get("CERTBOT") or ("keep" if (FOLDER / "live").exists() else "issue")
    record(f"certbot {what}")
    if what == "limit":
        print("too many certificates already issued", file=sys.stderr)
        return 1
    if "SLOW" in os.environ:
        (FOLDER / "certbot-is-running").touch()
        while not (FOLDER / "go-on").exists():
            time.sleep(0.02)
    if what == "issue":
        live = FOLDER / "live"
        live.mkdir(exist_ok=True)
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        command += ["-days", os.environ.get("DAYS", "90"), "-subj", "/CN=chat.example.org"]
        command += ["-keyout", str(live / "privkey.pem"), "-out", str(live / "fullchain.pem")]
        subprocess.run(command, check=True, capture_output=True)
    return 0


def oci(arguments: list[str]) -> int:
    assert arguments[0] == "lb"
    call = " ".join(arguments[1:3])
    options = dict(zip(arguments[3::2], arguments[4::2], strict=False))
    if "--force" in arguments:
        rest = [part for part in arguments[3:] if part != "--force"]
        options = dict(zip(rest[::2], rest[1::2], strict=True))
    record(call)
    if os.environ.get("FAIL") == call:
        print("ServiceError: 500", file=sys.stderr)
        return 1
    file = FOLDER / "balancer.json"
    state = json.loads(file.read_text())
    code = change(call, options, state["data"])
    file.write_text(json.dumps(state))
    if call == "load-balancer get":
        print(json.dumps(state))
    return code


def change(call: str, options: dict[str, str], balancer: dict[str, Any]) -> int:
    certificates, name = balancer["certificates"], options.get("--certificate-name", "")
    if call == "certificate create":
        if name in certificates:
            print("ServiceError: 409", file=sys.stderr)
            return 1
        assert "PRIVATE KEY" in Path(options["--private-key-file"]).read_text()
        certificates[name] = {"public": Path(options["--public-certificate-file"]).read_text()}
    elif call == "certificate delete":
        del certificates[name]
    elif call == "listener update":
        assert options.keys() <= TEXTS.keys() | VALUES.keys() | OTHER, options
        assert options["--ssl-certificate-name"] in certificates
        balancer["listeners"][options["--listener-name"]] = listener(options)
    return 0


def listener(options: dict[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for option, text in options.items():
        path = TEXTS.get(option) or VALUES.get(option)
        if path is None:
            continue
        place = made
        for part in path[:-1]:
            place = place.setdefault(part, {})
        place[path[-1]] = text if option in TEXTS else json.loads(text)
    return made


if __name__ == "__main__":
    tool, *rest = sys.argv[1:]
    sys.exit({"oci": lambda: oci(rest), "certbot": certbot, "getent": getent}[tool]())
