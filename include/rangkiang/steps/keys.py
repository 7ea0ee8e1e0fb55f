"""Names of things in the store. Whatever is derived is named by what it was made from and by what made it."""

from __future__ import annotations

import hashlib

from rangkiang import catalogue
from rangkiang.checks import CHECKS
from rangkiang.forms import Form
from rangkiang.proof import PROOF
from rangkiang.reading import MAKER


def inbox(office: str) -> str:
    return f"inbox/{catalogue.office(office).slug}/"


def part(key: str, first_page: int, last_page: int) -> str:
    """The name of one sheet of a file: no object of the inbox, but where its bytes come from."""
    return f"{key}#hal-{first_page}-{last_page}"


def original(sha256: str) -> str:
    return f"originals/{sha256[:2]}/{sha256}"


def unfetched(key: str, size: int) -> str:
    """What stands for the SHA-256 of a file that is too large to be fetched: its bytes are nowhere but in the inbox."""
    return hashlib.sha256(f"{key}\0{size}".encode()).hexdigest()


def quarantine(office: str, sha256: str) -> str:
    return f"quarantine/{catalogue.office(office).slug}/{sha256}"


def reading_maker(form: Form) -> str:
    return f"{MAKER}-{form.digest}"


def proof_maker(form: Form, decided: str = "") -> str:
    """``decided`` names the decisions in force about a document; of a document without, nothing is added."""
    return "-".join(filter(None, (MAKER, PROOF, CHECKS, form.digest, decided)))


def reading(sha256: str, form: Form) -> str:
    return f"readings/{sha256}/{reading_maker(form)}.parquet"


def crops(sha256: str, form: Form, page: int | None = None) -> str:
    """The pictures of the figures of one page of a scan, or where those of all its pages are."""
    return f"crops/{sha256}/{reading_maker(form)}/" + (f"{page}.webp" if page else "")


def page(sha256: str, number: int) -> str:
    """The picture of a page as people look at it, at 150 dots per inch: see :mod:`rangkiang.scans.shown`."""
    return f"pages/{sha256}/150/{number}.webp"


def proof(sha256: str, maker: str) -> str:
    return f"proofs/{sha256}/{maker}.parquet"


def check(sha256: str, maker: str) -> str:
    return f"checks/{sha256}/{maker}.json"


def proposal(digest: str) -> str:
    """What a release would change, as it was shown to whoever approved it."""
    return f"proposals/{digest}.json"


def version(slug: str, digest: str) -> str:
    """What a version of a dataset that was before the public consisted of: its files by their digests."""
    return f"versions/{slug}/{digest}.json"


def changes(slug: str, release: int) -> str:
    """What the stage's release of that number changed of a dataset: lines of its change log."""
    return f"versions/{slug}/perubahan-{release}.json"


def filed(folder: str, path: str = "") -> str:
    return f"filed/{folder}/{path}"


def released(sha256: str) -> str:
    """A file that was before the public, and is no original."""
    return f"released/{sha256[:2]}/{sha256}"
