"""One dataset on a CKAN, which is two there: what the public opens, and the archive of all versions behind it.

The archive has the bytes: each content of each path is a resource of its own that never changes. What the public opens
has links to the newest of them. One request turns all of these, the metadata and the state at once, so that nobody ever
sees a file, a number or a table of one version under the name of another.
"""

from __future__ import annotations

from rangkiang.portal.ckan import names
from rangkiang.portal.ckan.connection import Connection
from rangkiang.portal.ckan.shelf import Shelf

SEAL = "source_seal"
"""Extra of what the public opens: how the archive was when all of it was last known to be right."""
FRONT, ARCHIVE = "dataset", "arsip"


class Pair:
    """A dataset and its archive, whether or not they are there."""

    def __init__(self, portal: Connection, slug: str) -> None:
        self.slug = slug
        self.front = Shelf(portal, slug, FRONT, names.dataset(slug))
        self.archive = Shelf(portal, slug, ARCHIVE, names.archive(slug))

    @property
    def live(self) -> bool:
        """Does the public see anything of it?"""
        return any([self.front.live, self.archive.live])  # both are looked at

    @property
    def seal(self) -> str:
        """Changes with every change of the archive."""
        return self.archive.now["metadata_modified"] if self.archive.now else ""

    @property
    def sealed(self) -> bool:
        """Is the archive as it was when all of it was known to be right?"""
        return self.archive.live and self.front.extras.get(SEAL) == self.seal

    def forget(self) -> None:
        self.front.forget()
        self.archive.forget()

    def delete(self) -> bool:
        """Take both off the portal, first what leads to the other; False where neither was there."""
        return any([self.front.delete(), self.archive.delete()])
