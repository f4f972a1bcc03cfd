"""The export file: a ZIP with one line of JSON per document, and the blobs as they are."""

import zipfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from prickle import __version__
from prickle.config.refusal import Refusal
from prickle.contract.blobs import Blobs
from prickle.contract.documents import Documents, Model, asc

FORMAT = 1
HEAD = "prickle.json"
BATCH = 500
CHUNK_BYTES = 256 * 1024

Progress = Callable[[str, int], None]
"""Told the name of a collection, or `files`, and how many have passed."""


async def export_to(
    path: Path, documents: Documents, blobs: Blobs, models: Sequence[type[Model]], progress: Progress
) -> None:
    """Write every document of `models` and every blob to `path`, which appears when it is whole.

    Of a server that is running it holds what was there at some moment per collection: stop it for one moment for all.
    """
    draft = path.with_name(path.name + ".part")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(HEAD, orjson.dumps({"format": FORMAT, "version": __version__}))
            for model in models:
                await _write_collection(archive, documents, model, progress)
            await _write_blobs(archive, blobs, progress)
        draft.replace(path)
    except OSError as error:
        raise Refusal(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        draft.unlink(missing_ok=True)


async def import_from(
    path: Path, documents: Documents, blobs: Blobs, models: Sequence[type[Model]], progress: Progress
) -> None:
    """Write everything in `path` into empty stores.

    Raises:
        Refusal: the file is none of ours or damaged, the stores are not empty, or a plugin that the data needs is off.
    """
    by_name = {collection(model): model for model in models}
    try:
        with zipfile.ZipFile(path) as archive:
            names = _checked_names(archive, by_name)
            await _check_empty(documents, models)
            for name in names:
                folder, _, rest = name.partition("/")
                if folder == "documents":
                    model = by_name[rest.removesuffix(".jsonl")]
                    await _read_collection(archive, name, documents, model, progress)
                elif folder == "blobs":
                    await blobs.put(rest, _chunks(archive, name))
            progress("files", sum(name.startswith("blobs/") for name in names))
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        raise Refusal(f"cannot read {path}: {error}") from error


def collection(model: type[Model]) -> str:
    name: str = +model
    return name


async def _write_collection(
    archive: zipfile.ZipFile, documents: Documents, model: type[Model], progress: Progress
) -> None:
    count = 0
    with archive.open(f"documents/{collection(model)}.jsonl", "w", force_zip64=True) as out:
        async for batch in _batches(documents, model):
            out.writelines(document.model_dump_json().encode() + b"\n" for document in batch)
            count += len(batch)
    progress(collection(model), count)


async def _batches(documents: Documents, model: type[Model]) -> AsyncIterator[list[Model]]:
    primary = model.__primary_field__
    key = getattr(model, primary)
    where: list[Any] = []
    while batch := await documents.find(model, *where, sort=[asc(key)], limit=BATCH):
        yield batch
        where = [key > getattr(batch[-1], primary)]


async def _write_blobs(archive: zipfile.ZipFile, blobs: Blobs, progress: Progress) -> None:
    count = 0
    async for blob in blobs.list(""):
        with archive.open(f"blobs/{blob.key}", "w", force_zip64=True) as out:
            async for chunk in blobs.read(blob.key):
                out.write(chunk)
        count += 1
    progress("files", count)


def _checked_names(archive: zipfile.ZipFile, by_name: dict[str, type[Model]]) -> list[str]:
    names = archive.namelist()
    head = orjson.loads(archive.read(HEAD)) if HEAD in names else {}
    if head.get("format") != FORMAT:
        raise Refusal(f"{archive.filename} is no export of this format ({FORMAT})")
    for name in names:
        folder, _, rest = name.partition("/")
        if folder == "documents" and rest.removesuffix(".jsonl") not in by_name:
            raise Refusal(f"the export holds {rest.removesuffix('.jsonl')}, which belongs to no enabled plugin")
    return names


async def _check_empty(documents: Documents, models: Sequence[type[Model]]) -> None:
    for model in models:
        if await documents.find(model, limit=1):
            raise Refusal(f"the target is not empty ({collection(model)}): import into a new data folder or database")


async def _read_collection(
    archive: zipfile.ZipFile, name: str, documents: Documents, model: type[Model], progress: Progress
) -> None:
    count = 0
    with archive.open(name) as lines:
        for batch in _parsed(lines, model):
            await documents.insert(*batch)
            count += len(batch)
    progress(collection(model), count)


def _parsed(lines: Any, model: type[Model]) -> Iterator[list[Model]]:
    batch: list[Model] = []
    for line in lines:
        batch.append(model.model_validate_json(line))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


async def _chunks(archive: zipfile.ZipFile, name: str) -> AsyncIterator[bytes]:
    with archive.open(name) as blob:
        while chunk := blob.read(CHUNK_BYTES):
            yield chunk
