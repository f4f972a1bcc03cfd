"""Blobs in a folder, or in any S3."""

from prickle.storage.blobs.folder import FolderBlobs

__all__ = ["FolderBlobs"]
