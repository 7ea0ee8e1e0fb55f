"""A narrative as DOCX: headings that a word processor knows, tables whose heads repeat, charts as pictures."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from rangkiang.deliver.prose import Prose
from rangkiang.deliver.prose.blocks import Block, Heading, Item, Picture, Run, Table, blocks
from rangkiang.deliver.prose.blocks import Paragraph as Said
from rangkiang.deliver.prose.picture import png

EPOCH = datetime.datetime(2019, 4, 17)
"""Stands as the time of making, which must not differ between two builds: the day of the election."""

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
WIDTH = 170.0  # millimetres between the margins
POINTS = WIDTH / 25.4 * 72
_TWIPS = round(POINTS * 20) - 70  # a table stands out to the left by its cells' margin
_PADDING = '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
_PAGE = {"id": ("Halaman ", " dari "), "en": ("Page ", " of ")}
_LANGS = {"id": "id-ID", "en": "en-GB"}


def docx(prose: Prose) -> bytes:
    """The bytes; the same prose gives the same ones."""
    paper = Document()
    _paper(paper, prose)
    for block in blocks(prose.text):
        _put(paper, block, prose)
    buffer = io.BytesIO()
    paper.save(buffer)
    return _timeless(buffer.getvalue())


def _put(paper: Paper, block: Block, prose: Prose) -> None:
    match block:
        case Heading():
            _runs(paper.add_paragraph(style=f"Heading {min(block.level, 3)}"), block.runs)
        case Said():
            _runs(paper.add_paragraph(style="Intense Quote" if block.quoted else "Normal"), block.runs)
        case Item():
            _runs(paper.add_paragraph(style="List Bullet" if block.depth == 1 else "List Bullet 2"), block.runs)
        case Table():
            paper.element.body.insert(-1, parse_xml(_table(block)))
            paper.add_paragraph().paragraph_format.space_after = Pt(2)
        case Picture():
            chart = prose.charts[block.name]
            data, _ = png(chart, POINTS)
            paper.add_paragraph(chart.title, style="Caption").paragraph_format.keep_with_next = True
            shape = paper.add_picture(io.BytesIO(data), width=Mm(WIDTH))
            shape._inline.docPr.set("descr", chart.told)
            for side in "TBLR":  # some word processors take a distance that is not said for an eighth of an inch
                shape._inline.set(f"dist{side}", "0")


def _paper(paper: Paper, prose: Prose) -> None:
    """A4, its styles, its foot, and what the file says of itself."""
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    for name, size, bold in (
        ("Normal", 10.5, None),
        ("Heading 1", 18, True),
        ("Heading 2", 13, True),
        ("Heading 3", 11, True),
    ):
        style: Any = paper.styles[name]
        style.font.name, style.font.size, style.font.bold = "Calibri", Pt(size), bold
        style.font.color.rgb = RGBColor(0x1A, 0x1A, 0x1A)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
    caption: Any = paper.styles["Caption"]
    caption.font.size, caption.font.bold, caption.font.italic = Pt(9), False, True
    caption.font.color.rgb = RGBColor(0x40, 0x40, 0x40)
    normal: Any = paper.styles["Normal"]
    normal.paragraph_format.space_after = Pt(5)
    language = parse_xml(f'<w:lang {nsdecls("w")} w:val="{_LANGS[prose.lang]}"/>')
    normal.element.get_or_add_rPr().append(language)
    said = paper.core_properties
    said.title, said.author, said.subject = prose.title, prose.author, prose.running
    said.last_modified_by, said.comments, said.language = prose.author, "", _LANGS[prose.lang]
    said.created = said.modified = EPOCH
    _foot(section.footer.paragraphs[0], prose)


def _foot(line: Paragraph, prose: Prose) -> None:
    line.style = "Normal"  # its own style has tab stops of its own
    line.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    before, between = _PAGE[prose.lang]
    line.add_run(f"{prose.running}\t{before}")
    _field(line, "PAGE")
    line.add_run(between)
    _field(line, "NUMPAGES")
    for run in line.runs:
        run.font.size = Pt(8)


def _field(line: Paragraph, name: str) -> None:
    """A number that the word processor fills in."""
    shown = '<w:r><w:rPr><w:sz w:val="16"/></w:rPr><w:t>1</w:t></w:r>'
    line._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{name}">{shown}</w:fldSimple>'))


def _runs(paragraph: Paragraph, runs: Sequence[Run]) -> None:
    for run in runs:
        made = paragraph.add_run(run.text)
        made.bold = True if run.look == "bold" else None
        made.italic = True if run.look in ("italic", "code") else None


def _table(table: Table) -> str:
    """As XML: cell by cell through the library it would take as long as everything else together."""
    columns = len(table.head)
    first = max(_TWIPS * 0.28, _TWIPS - 1250 * (columns - 1)) if columns > 1 else _TWIPS
    widths = [round(first), *[round((_TWIPS - first) / max(1, columns - 1))] * (columns - 1)]
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    lines = [_line(table.head, table.right, widths, head=True)]
    lines += [_line(line, table.right, widths) for line in table.lines]
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="9AA5AB"/>' for edge in ("top", "bottom", "insideH")
    )
    about = (
        f'<w:tblW w:w="{_TWIPS}" w:type="dxa"/><w:tblInd w:w="70" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
    )
    about += f'<w:tblLayout w:type="fixed"/>{_PADDING}'
    return f"<w:tbl {nsdecls('w')}><w:tblPr>{about}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"


def _line(cells: Sequence[Sequence[Run]], right: Sequence[bool], widths: Sequence[int], head: bool = False) -> str:
    about = "<w:cantSplit/><w:tblHeader/>" if head else "<w:cantSplit/>"
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="E9EEF1"/>' if head else ""
    found = []
    for runs, to_right, width in zip(cells, right, widths, strict=True):
        align = '<w:jc w:val="right"/>' if to_right else ""
        texts = "".join(_cell_run(run, head) for run in runs)
        found.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>'
            f'<w:p><w:pPr><w:spacing w:before="30" w:after="30"/>{align}</w:pPr>{texts}</w:p></w:tc>'
        )
    return f"<w:tr><w:trPr>{about}</w:trPr>{''.join(found)}</w:tr>"


def _cell_run(run: Run, head: bool) -> str:
    bold = "<w:b/>" if head or run.look == "bold" else ""
    italic = "<w:i/>" if run.look in ("italic", "code") else ""
    return (
        f'<w:r><w:rPr>{bold}{italic}<w:sz w:val="18"/></w:rPr><w:t xml:space="preserve">{escape(run.text)}</w:t></w:r>'
    )


def _timeless(data: bytes) -> bytes:
    """The same archive, in which no time is written."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, FIRST_DAY), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
