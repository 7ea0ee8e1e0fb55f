"""Names of datasets, by the OpenLineage naming page, so that other tools' events meet ours on the same names.

And of who speaks of them.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from rangkiang import __version__

PRODUCER = f"urn:rangkiang:{__version__}"
"""Who says it."""


def dataset_name(place: str, key: str) -> tuple[str, str]:
    """Namespace and name of what stands under ``key`` in a store or a portal.

    ``s3://bucket/prefix`` + ``a/b`` -> ``s3://bucket``, ``prefix/a/b``; ``file:///srv/store`` + ``a/b`` -> ``file``,
    ``/srv/store/a/b``; an ``https://`` portal gives its scheme and authority. A place that is no URL is the namespace.
    """
    url = urlsplit(place)
    if not url.scheme:
        return place, key
    path = f"{unquote(url.path).rstrip('/')}/{key}"
    if url.scheme == "file":
        return "file", path
    return f"{url.scheme}://{url.netloc}", path.lstrip("/")
