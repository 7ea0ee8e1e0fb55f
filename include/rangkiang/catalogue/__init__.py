"""Reference data as files, and the small frozen types that hold them: areas, codes, official results, reasons.

Everything is read once, when it is first asked for. Importing this package reads no file.
"""

from rangkiang.catalogue.areas import (
    Area,
    District,
    Office,
    area,
    bps_code,
    children,
    district,
    districts,
    office,
    office_of_slug,
    offices,
)
from rangkiang.catalogue.codes import (
    DemandedColumn,
    DemandedSum,
    Demands,
    DocType,
    Election,
    Pair,
    Party,
    Stage,
    doctype,
    doctypes,
    elections,
    level_name,
    pairs,
    parties,
    stage,
    stages,
)
from rangkiang.catalogue.names import find_area, fold, spellings
from rangkiang.catalogue.owed import Owed, owed
from rangkiang.catalogue.places import Village, village, villages
from rangkiang.catalogue.results import OfficialResult, official_results
from rangkiang.catalogue.source import Texts
from rangkiang.catalogue.wording import ReasonText, advise, explain, number, reasons, told

__all__ = [
    "Area",
    "DemandedColumn",
    "DemandedSum",
    "Demands",
    "District",
    "DocType",
    "Election",
    "Office",
    "OfficialResult",
    "Owed",
    "Pair",
    "Party",
    "ReasonText",
    "Stage",
    "Texts",
    "Village",
    "advise",
    "area",
    "bps_code",
    "children",
    "district",
    "districts",
    "doctype",
    "doctypes",
    "elections",
    "explain",
    "find_area",
    "fold",
    "level_name",
    "number",
    "office",
    "office_of_slug",
    "offices",
    "official_results",
    "owed",
    "pairs",
    "parties",
    "reasons",
    "spellings",
    "stage",
    "stages",
    "told",
    "village",
    "villages",
]
