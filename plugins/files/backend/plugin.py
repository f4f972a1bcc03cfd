"""Wires files."""

from collections.abc import Sequence

from plugins.files.backend.access import AccessKeys
from plugins.files.backend.contents import Contents
from plugins.files.backend.downloads import Downloads
from plugins.files.backend.imaging import Imaging
from plugins.files.backend.lifetime import Lifetime
from plugins.files.backend.models import FileUse, StoredContent, StoredFile, Upload
from plugins.files.backend.routes import FileRoutes
from plugins.files.backend.service import FileService
from plugins.files.backend.settings import FileSettings
from plugins.files.backend.store import FileStore
from plugins.files.backend.sweeper import Sweeper
from plugins.files.backend.uploads import ResumableUploads
from plugins.messages.api import MESSAGE_ATTACHMENTS
from plugins.rooms.api import ROOM_DIRECTORY
from prickle.contract.http import Route
from prickle.contract.plugin import Plugin, PluginContext
from prickle.contract.services import AUTHENTICATOR, MEMBERSHIP


class FilesPlugin(Plugin):
    """Files in rooms."""

    Settings = FileSettings
    collections = (StoredFile, StoredContent, Upload, FileUse)

    def __init__(self, context: PluginContext) -> None:
        super().__init__(context)
        settings: FileSettings = context.settings
        store = FileStore(context.documents)
        contents = Contents(context, store, Imaging(settings, context.logger))
        lifetime = Lifetime(settings, store, context.clock)
        attachments = context.services.get(MESSAGE_ATTACHMENTS)
        self._service = FileService(context, settings, store, contents, attachments)
        rooms = context.services.get(ROOM_DIRECTORY)
        self._sweeper = Sweeper(context, settings, store, contents, self._service, lifetime, rooms)
        self._uploads = ResumableUploads(context, settings, store, contents, self._service)
        self._routes = FileRoutes(
            self._service,
            store,
            lifetime,
            Downloads(context.blobs, context.gateway, direct_links=settings.direct_links),
            AccessKeys(context.secret("access"), settings.access_ttl_s, context.clock),
            context.services.get(AUTHENTICATOR),
            context.services.get(MEMBERSHIP),
            settings,
        )
        attachments.set_source(self._service)
        attachments.on_deleted(self._service.message_deleted)

    def routes(self) -> Sequence[Route]:
        return (*self._routes.all(), *self._uploads.routes())

    async def start(self) -> None:
        self.context.spawn(self._sweeper.run(), "sweep")
