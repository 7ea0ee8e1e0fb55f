"""Makes the pages: what each of them shows, put through its template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from importlib.resources import files

from jinja2 import Environment

from rangkiang import catalogue
from rangkiang.board import words
from rangkiang.board.bars import WIDTH, bar
from rangkiang.board.lines import Line, columns, lines
from rangkiang.board.places import places
from rangkiang.board.wanted import UNKNOWN, Wanted
from rangkiang.ledger import Ledger
from rangkiang.ledger.overview import Standing
from rangkiang.model import Reason, Severity, shown
from rangkiang.people import Act, Person
from rangkiang.templates import environment

ASSETS = {
    f"{name}.{kind}": f"text/{media}; charset=utf-8"
    for name in ("papan", "meja")
    for kind, media in (("css", "css"), ("js", "javascript"))
}
"""Files that the pages ask for beside them, and their media types."""

PER_PAGE = 50
SHOWN_FINDINGS = 200
TOP = (
    Standing.RECEIVED, Standing.PROVED, Standing.REVIEW, Standing.SECOND,
    Standing.HELD, Standing.QUARANTINED, Standing.GATED, Standing.FILED, Standing.LIVE,
)  # fmt: skip
COUNTED = (
    Standing.RECEIVED, Standing.READ, Standing.PROVED, Standing.REVIEW,
    Standing.QUARANTINED, Standing.HELD, Standing.GATED, Standing.FILED, Standing.LIVE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """How a page is to be made: when, for whom, and from where its links go."""

    now: datetime
    lang: str = "id"
    root: str = ""  # from the page to the board
    here: str = ""  # the page's own address from the board, with all that was asked
    person: Person | None = None  # who asks; nobody on a page that says so
    token: str = ""  # what their forms send back as 'token', so that no other site's page can send them

    @property
    def offices(self) -> frozenset[str]:
        """Codes of the only offices that the page may tell of; empty, which is all."""
        return self.person.offices if self.person else frozenset()


def overview(view: View, ledger: Ledger, two_persons: bool) -> str:
    """All offices, or one's own, and all kinds of documents on one page.

    With ``two_persons`` a correction waits for a second one.
    """
    found = [line for code in sorted(view.offices) or ("",) for line in lines(ledger, two_persons, code)]
    return render(view, "papan", lines=found, columns=columns(found), top=TOP)


def office(view: View, ledger: Ledger, two_persons: bool, code: str) -> str | None:
    """One office, kind by kind, and what has not come in; None for an office that the catalogue does not have."""
    if code not in {o.code for o in catalogue.offices()}:
        return None
    (line,) = lines(ledger, two_persons, code)
    return render(view, "kantor", line=line, counted=COUNTED)


def documents(view: View, ledger: Ledger, two_persons: bool, wanted: Wanted) -> str:
    """A list of documents, the oldest first: of all offices, or of one's own."""
    wanted, offset = wanted.among(view.offices), (wanted.page - 1) * PER_PAGE
    found, total = ledger.listed(wanted.standing, two_persons, wanted.equal, PER_PAGE, offset, view.offices)
    pages = max(1, -(-total // PER_PAGE))
    return render(view, "daftar", wanted=wanted, found=found, total=total, pages=pages)


def document(view: View, ledger: Ledger, two_persons: bool, office: str, sha256: str) -> str | None:
    """One document: what was found, what was decided, what was checked; None where there is no such document."""
    from rangkiang.board.decided import decided  # brings what weighs decisions, which no other page needs

    it = ledger.looked_at(office, sha256, two_persons)
    if it is None:
        return None
    weights = list(Severity)
    findings = sorted(ledger.findings(office, sha256), key=lambda f: weights.index(f.severity))
    return render(
        view,
        "dokumen",
        it=it,
        office=catalogue.office(office),
        findings=findings[:SHOWN_FINDINGS],
        found=len(findings),
        decisions=decided(ledger, it.document, two_persons),
        checks=ledger.checks(office, sha256),
    )


def message(view: View, title: str, text: str) -> str:
    """A page that only says something; both are keys of the words."""
    return render(view, "pesan", title=title, text=text)


def asset(name: str) -> bytes:
    """One of :data:`ASSETS`."""
    return files(__package__).joinpath("templates", name).read_bytes()


def blocker(line: Line, t: Callable[..., str]) -> tuple[str, Wanted | None]:
    """What holds an office up most, in words, and the list of it: what people must do comes before what machines do."""
    asked = Wanted(office=line.office.code)
    held, back = line.count(Standing.HELD), line.count(Standing.QUARANTINED)
    if held or back:
        return t("block_stopped", n=held + back), asked.of_standing(Standing.QUARANTINED if back else Standing.HELD)
    for standing in (Standing.SECOND, Standing.GATED, Standing.REVIEW):
        if count := line.count(standing):
            return t(f"block_{standing}", n=count), asked.of_standing(standing)
    if line.missing:
        return t("block_missing", n=len(line.missing)), None
    if count := line.count(Standing.UNDERWAY):
        return t("block_underway", n=count), asked.of_standing(Standing.UNDERWAY)
    if count := line.count(Standing.FILED) - line.count(Standing.LIVE):
        return t("block_unpublished", n=count), asked.of_standing(Standing.FILED)
    return t("block_none"), None


def _explain(lang: str, code: str, params: Mapping[str, object]) -> str:
    """The sentence of a reason; its bare code where an older version wrote what this one cannot put into words."""
    try:
        return catalogue.explain(Reason(code, params), lang)
    except (KeyError, ValueError):
        return code


def _advise(lang: str, code: str, params: Mapping[str, object]) -> str:
    try:
        return catalogue.advise(Reason(code, params), lang)
    except (KeyError, ValueError):
        return ""


def _named(lang: str, found: catalogue.Stage | catalogue.DocType | None) -> str:
    return found.name.get(lang) if found else ""


def render(view: View, template: str, **context: object) -> str:
    """The page of that template, with what all templates know and this ``context``."""
    lang, t = view.lang, partial(words.say, lang=view.lang)
    other = next(one for one in words.LANGUAGES if one != lang)
    return (
        _environment()
        .get_template(f"{template}.html.j2")
        .render(
            lang=lang,
            other=other,
            root=view.root,
            switch=f"{view.here}{'&' if '?' in view.here else '?'}lang={other}",
            t=t,
            number=partial(catalogue.number, lang=lang),
            age=partial(words.age, now=view.now, lang=lang),
            moment=words.moment,
            as_of=words.moment(view.now),
            person=view.person,
            places=places(view.person),
            token=view.token,
            explain=partial(_explain, lang),
            advise=partial(_advise, lang),
            blocker=partial(blocker, t=t),
            stage_name=lambda code: _named(lang, catalogue.stage(code)),
            doctype_name=lambda code: _named(lang, catalogue.doctype(code)),
            **context,
        )
    )


@cache
def _environment() -> Environment:
    made = environment("rangkiang.board", "templates")
    made.globals |= {
        "Act": Act, "Standing": Standing, "Wanted": Wanted, "UNKNOWN": UNKNOWN, "shown": shown,
        "office_of": catalogue.office, "bar": bar, "bar_width": WIDTH, "helped": words.keys(),
    }  # fmt: skip
    return made
