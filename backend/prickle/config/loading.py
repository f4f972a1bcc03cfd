"""From raw values to checked settings, with refusals that name the setting and where it came from."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from prickle.config.refusal import Refusal
from prickle.config.settings import Settings
from prickle.config.sources import RawSettings
from prickle.contract.settings import Section

S = TypeVar("S", bound=Section)

MIN_SECRET_CHARACTERS = 32


def load_core(raw: RawSettings) -> Settings:
    """Return the core's settings; the plugins' own sections are left to `load_plugin`.

    Raises:
        Refusal: an unknown setting, or a value that does not fit.
    """
    values = dict(raw.values)
    plugins = values.get("plugins", {})
    if isinstance(plugins, Mapping):
        values["plugins"] = {name: plugins[name] for name in plugins if not isinstance(plugins[name], Mapping)}
    settings = _checked(Settings, values, raw, ())
    secret = settings.security.secret.get_secret_value()
    if 0 < len(secret) < MIN_SECRET_CHARACTERS:
        raise Refusal(f"setting security.secret: too short, it needs at least {MIN_SECRET_CHARACTERS} characters")
    return settings


def plugin_sections(raw: RawSettings) -> dict[str, Mapping[str, Any]]:
    plugins = raw.values.get("plugins", {})
    return {name: section for name, section in plugins.items() if isinstance(section, Mapping)}


def check_plugin_sections(raw: RawSettings, known: Iterable[str]) -> None:
    """Raises:
    Refusal: a section of a plugin that is not among the `known` ones.
    """
    for name in plugin_sections(raw).keys() - set(known):
        wanted, origin = suggestion(name, known, ["plugins"]), _origin(f"plugins.{name}", raw)
        raise Refusal(f"setting plugins.{name}: there is no such plugin{wanted}{origin}")


def load_plugin(plugin_id: str, declared: type[S], raw: RawSettings) -> S:
    """Return the settings of one plugin.

    Raises:
        Refusal: an unknown setting, or a value that does not fit.
    """
    return _checked(declared, plugin_sections(raw).get(plugin_id, {}), raw, ("plugins", plugin_id))


def _checked(declared: type[S], values: Mapping[str, Any], raw: RawSettings, at: tuple[str, ...]) -> S:
    try:
        return declared.model_validate(values)
    except ValidationError as error:
        raise Refusal(_explained(error, declared, raw, at)) from error


def _explained(error: ValidationError, declared: type[Section], raw: RawSettings, at: tuple[str, ...]) -> str:
    first = error.errors()[0]
    path = [*at, *(str(part) for part in first["loc"])]
    name = ".".join(path)
    origin = _origin(name, raw)
    if first["type"] == "extra_forbidden":
        section: Any = declared
        for part in path[len(at) : -1]:
            section = section.model_fields[part].annotation
        return f"unknown setting {name}{suggestion(path[-1], section.model_fields, path[:-1])}{origin}"
    return f"setting {name}: {first['msg'].lower()}{origin}"


def suggestion(given: str, known: Iterable[str], section: Iterable[str] = ()) -> str:
    """Return `; did you mean <section>.<name>?` if one of the `known` names is close to the `given` one."""
    close = difflib.get_close_matches(given, list(known), n=1)
    return f"; did you mean {'.'.join([*section, close[0]])}?" if close else ""


def _origin(name: str, raw: RawSettings) -> str:
    source = next((where for known, where in raw.sources.items() if _is_within(name, known)), "")
    return f" ({source})" if source else ""


def _is_within(name: str, known: str) -> bool:
    """Tell whether one of two dotted names is the other or a section around it."""
    return f"{name}.".startswith(f"{known}.") or f"{known}.".startswith(f"{name}.")
