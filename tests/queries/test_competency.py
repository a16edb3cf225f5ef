"""The named queries, each against rows worked out by hand from the bundled example.

The page is `build/example/library-technicians.txt`; its README counts most of what is expected
here. What is asked of the release alone is in `release_rows.py`.
"""

from __future__ import annotations

import re

import polars as pl
import pytest
from asked_here import AskedHere
from index_rows import INDEX
from release_rows import RELEASE, Row

from kg import quads
from kg.assembly import example_inputs
from kg.graph import Graph
from kg.namespaces import ONET, RDF
from kg.pipeline import build
from kg.queries import load_queries

BASE = "https://w3id.org/skills-kg/"
PAGE = "library-technicians.txt"
OCCUPATION = "Library Technicians"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
MIT = "https://opensource.org/license/mit"
OF_AEI = "Data under CC BY, code under the MIT License"
OF_ESCO = (
    "ESCO reuse notice: reuse is free for any purpose where the source is acknowledged, under "
    "Commission Decision 2011/833/EU; whoever modifies ESCO has to say so"
)
INDEX_GRAPH = "graph/aei/release_2026_01_15"

# The titles of the sources, by key.
AEI = "Anthropic Economic Index"
LER = "LER.me"
O_NET = "O*NET Database"
PATHSMITH = "Pathsmith Durable Skills Framework"
SAFI = "Skill Automation Feasibility Index (SAFI)"
CROSSWALK = "SkillsCrosswalk.com"
WEF = "Building a Common Language for Skills at Work: A Global Taxonomy"

# The kinds of framework.
IN_BASE, IN_AI, IN_DURABLE = "Base framework", "AI-at-work framework", "Durable-skills framework"


def node(name: str) -> str:
    """Return the IRI of a node."""
    return BASE + name


def statement(name: str) -> str:
    """Return the IRI of a statement of the example."""
    return f"{BASE}framework/library-technicians/{name}"


# Tasks of Library Technicians: the first six are the anchors of the page.
RETURNS = "Check returned loans for damage and guide them back to the right shelf."
ACCOUNTS = "Keep borrower accounts correct and up to date."
TRACING = (
    "Trace books that readers ask for in the catalogues of other libraries and arrange their loan."
)
QUESTIONS = "Answer quick questions at the enquiry desk and pass longer ones to a librarian."
SHELVES = "Walk the shelves to find misplaced volumes and restore their order."
SCREENS = 'Keep copiers, scanners and the 15" catalogue screens clean and running.'
NEW_STOCK = "Cover, label and stamp new stock so that it can go on the shelf."
COUNTING = "Count loans, visits and questions each month and chart the results."
HELPERS = "Show volunteers and student helpers how desk and shelving routines work."
DISPLAYS = "Prepare themed displays and small events for children and newcomers."

# Tasks of Librarians and Media Collections Specialists.
BUYING = "Choose new books and databases within the yearly budget."
HEADINGS = "Settle subject headings for works that fit no existing class."
HOUSE_RULES = "Set house rules for the use of chat assistants at the enquiry desk."

ANCHORS: list[Row] = [
    (PAGE, "900001", "Core", RETURNS),
    (PAGE, "900002", "Core", ACCOUNTS),
    (PAGE, "900003", "Core", TRACING),
    (PAGE, "900004", "Core", QUESTIONS),
    (PAGE, "900006", "Core", SHELVES),
    (PAGE, "900010", "Supplemental", SCREENS),
]

#: Query, parameters, and the rows of the answer, in their order.
EXPECTED: list[tuple[str, dict[str, str], list[Row]]] = [
    ("activities-without-place", {}, []),
    ("anchors-of-page", {}, ANCHORS),
    ("anchors-of-page", {"document": OCCUPATION}, ANCHORS),
    (
        "citation-matrix",
        {},
        [
            (PATHSMITH, "1", "0", "42", "43"),
            (O_NET, "6", "0", "24", "30"),
            (WEF, "2", "2", "0", "4"),
            (SAFI, "1", "3", "0", "4"),
            (AEI, "1", "2", "0", "3"),
        ],
    ),
    (
        # Of 57 statements; 43 are 75.44 %, 30 are 52.63 %, 4 are 7.02 %, 3 are 5.26 %.
        "citations-per-source",
        {},
        [
            (PATHSMITH, "43", "75.4"),
            (O_NET, "30", "52.6"),
            (WEF, "4", "7"),
            (SAFI, "4", "7"),
            (AEI, "3", "5.3"),
            (LER, "0", "0"),
            (CROSSWALK, "0", "0"),
        ],
    ),
    (
        "declared-against-found",
        {},
        [
            (PAGE, "30", "Communication", "8", "8", "0"),
            (PAGE, "39", "Leadership", "4", "4", "0"),
            (PAGE, "44", "Metacognition", "4", "4", "0"),
            (PAGE, "49", "Critical Thinking", "4", "4", "0"),
            (PAGE, "54", "Collaboration", "4", "4", "0"),
            (PAGE, "59", "Character", "4", "4", "0"),
            (PAGE, "64", "Creativity", "4", "4", "0"),
            (PAGE, "69", "Growth Mindset", "4", "4", "0"),
            (PAGE, "74", "Mindfulness", "4", "4", "0"),
            (PAGE, "79", "Fortitude", "4", "4", "0"),
            (PAGE, "84", "Source anchors", "6", "6", "0"),
        ],
    ),
    (
        # Two of the 8 base statements at each stage; of the durable ones two of Communication and
        # one of each of nine domains.
        "derived-by-order",
        {},
        [
            (OCCUPATION, IN_BASE, "Career stage 1", "2"),
            (OCCUPATION, IN_BASE, "Career stage 2", "2"),
            (OCCUPATION, IN_BASE, "Career stage 3", "2"),
            (OCCUPATION, IN_BASE, "Career stage 4", "2"),
            (OCCUPATION, IN_DURABLE, "Level 1", "11"),
            (OCCUPATION, IN_DURABLE, "Level 2", "11"),
            (OCCUPATION, IN_DURABLE, "Level 3", "11"),
            (OCCUPATION, IN_DURABLE, "Level 4", "11"),
        ],
    ),
    (
        "domain-spans",
        {},
        [
            (OCCUPATION, "Communication", "Greeting at the desk", "Briefing the library board"),
            (OCCUPATION, "Leadership", "Opening the branch", "Merging two service desks"),
            (OCCUPATION, "Metacognition", "Noticing a guess", "Teaching one's own method"),
            (OCCUPATION, "Critical Thinking", "Edition check", "Weeding policy test"),
            (OCCUPATION, "Collaboration", "Trolley relay", "Regional delivery ring"),
            (OCCUPATION, "Character", "Reader privacy", "Owning a lost parcel"),
            (OCCUPATION, "Creativity", "Window display from leftovers", "Library of things"),
            (OCCUPATION, "Growth Mindset", "Asking for a second look", "Study circle for staff"),
            (OCCUPATION, "Mindfulness", "One reader at a time", "Steady under inspection"),
            (OCCUPATION, "Fortitude", "Long stocktake", "Budget winter"),
        ],
    ),
    (
        "domains-named-like-elements",
        {},
        [
            (
                "Critical Thinking",
                node("domain/critical-thinking"),
                node("element/2.A.2.a"),
                "2.A.2.a",
            )
        ],
    ),
    (
        "elements-below",
        {"element": "2.A"},
        [
            ("2.A.1", "Content", "Basic Skills"),
            ("2.A.1.a", "Reading Comprehension", "Content"),
            ("2.A.1.b", "Active Listening", "Content"),
            ("2.A.1.c", "Writing", "Content"),
            ("2.A.1.d", "Speaking", "Content"),
            ("2.A.2", "Process", "Basic Skills"),
            ("2.A.2.a", "Critical Thinking", "Process"),
        ],
    ),
    ("elements-below", {"element": "Speaking"}, []),
    ("every-statement-cites", {}, [("false",)]),
    (
        "evidence-categories",
        {},
        [
            (OCCUPATION, "Precision", "exact", "exact", SAFI, "24"),
            (OCCUPATION, "Quadrant", "Q2 AI-augmented", "Q2_ai_augmented", SAFI, "24"),
            (OCCUPATION, "Top skill", "Reading Comprehension", "2.A.1.a", SAFI, "24"),
            (
                OCCUPATION,
                "Cluster",
                "Artificial Intelligence",
                "artificial_intelligence",
                WEF,
                "26",
            ),
        ],
    ),
    ("evidence-categories", {"occupation": "25-4022.00"}, []),
    (
        # The page writes 2.60; the store keeps numbers, not digits.
        "evidence-figures",
        {"occupation": "25-4031.00"},
        [
            (OCCUPATION, "AI autonomy", "2.6", "one", AEI, "22"),
            (OCCUPATION, "Augment share", "62", "percent", AEI, "22"),
            (OCCUPATION, "Task observations", "1250", "count", AEI, "22"),
            (OCCUPATION, "Time saved", "41.5", "percent", AEI, "22"),
            (OCCUPATION, "SAFI score", "57.2", "points of 100", SAFI, "24"),
        ],
    ),
    (
        "evidence-profile",
        {},
        [
            (
                OCCUPATION,
                "1250",
                "62",
                "41.5",
                "2.6",
                "57.2",
                "Reading Comprehension",
                "Q2 AI-augmented",
                "Artificial Intelligence",
            )
        ],
    ),
    ("footer-sources-never-cited", {}, [(PAGE, "93", LER), (PAGE, "93", CROSSWALK)]),
    (
        "frameworks-and-size",
        {},
        [
            (OCCUPATION, IN_AI, "AI-at-Work Competency Framework", "0", "5", "5"),
            (OCCUPATION, IN_BASE, OCCUPATION, "0", "8", "7"),
            (OCCUPATION, IN_DURABLE, PATHSMITH, "10", "44", "44"),
        ],
    ),
    (
        "graphs-of-build",
        {},
        [
            # A graph of several files has a row for each.
            (node("graph/aei/labor_market_impacts"), "Asserted", "job_exposure.csv", OF_AEI),
            (node("graph/aei/labor_market_impacts"), "Asserted", "task_penetration.csv", OF_AEI),
            (node(INDEX_GRAPH), "Asserted", "automation_vs_augmentation.csv", OF_AEI),
            (node(INDEX_GRAPH), "Asserted", "onet_task_mappings.csv", OF_AEI),
            (node("graph/catalog"), "Asserted", None, CC_BY),
            (
                node("graph/crosswalk/esco_onet_crosswalk"),
                "Asserted",
                "esco_onet_crosswalk.csv",
                MIT,
            ),
            (node("graph/esco/esco_sample_en_csv"), "Asserted", "esco_sample_en_csv", OF_ESCO),
            (node("graph/links/crosswalk/esco_onet_crosswalk"), "Inferred", None, MIT),
            (node("graph/links/matches"), "Inferred", None, MIT),
            (
                node("graph/links/page/library-technicians"),
                "Inferred",
                None,
                "© 2026 The skills-kg project, CC BY 4.0.",
            ),
            (
                node("graph/mappings/skills_elements"),
                "Asserted",
                "skills_elements.sssom.tsv",
                CC_BY,
            ),
            # Of two licences, none is that of all.
            (node("graph/matches"), "Asserted", None, f"{MIT}; {CC_BY}"),
            (node("graph/onet/30.2"), "Asserted", "onet_30_2_text", CC_BY),
            (node("graph/ontology"), "Asserted", None, CC_BY),
            (
                node("graph/page/library-technicians"),
                "Asserted",
                PAGE,
                "© 2026 The skills-kg project, CC BY 4.0.",
            ),
            (node("graph/schemes"), "Asserted", None, CC_BY),
            (node("graph/soc"), "Asserted", None, OF_AEI),
            (node("graph/soc-history/2010-2019"), "Asserted", "soc_2010_to_2019.csv", CC_BY),
            (node("graph/sources"), "Asserted", None, CC_BY),
        ],
    ),
    (
        # The release: two types, the code twice, the title twice, a description, a job zone, ten
        # tasks, two emerging ones, four alternate titles, two reported ones, two related
        # occupations, ten answers of a survey, three technologies, three tools; ratings: the job
        # zone's, skills 10, knowledge 8, abilities 4, work activities 6, work context 6, education
        # 7, work styles 6, work values 9, interests 9, tasks 13. It is named by five activities of
        # tasks, two related occupations and an interest's illustration. The page: 57 statements, 3
        # frameworks, 5 figures, 4 classifications and itself.
        "graphs-of-node",
        {"node": "occupation:25-4031.00"},
        # Two links of the crosswalk and one carried over, each said directly too; its SOC group.
        [
            (node("graph/crosswalk/esco_onet_crosswalk"), "object", "2"),
            (node("graph/links/crosswalk/esco_onet_crosswalk"), "object", "1"),
            (node("graph/links/matches"), "object", "1"),
            (node("graph/matches"), "object", "2"),
            (node("graph/onet/30.2"), "object", "8"),
            (node("graph/onet/30.2"), "subject", "123"),
            (node("graph/page/library-technicians"), "object", "70"),
            (node("graph/soc"), "subject", "1"),
        ],
    ),
    ("job-zones-stated", {}, [(PAGE, "25-4031.00", OCCUPATION, "3", "3", "true")]),
    ("occupations-of-job-zone", {"zone": "1"}, []),
    (
        "occupations-of-job-zone",
        {"zone": "3"},
        [("25-4031.00", OCCUPATION, "10", "7")],
    ),
    (
        "occupations-of-job-zone",
        {"zone": "5"},
        [("25-4022.00", "Librarians and Media Collections Specialists", "4", "3")],
    ),
    ("occupations-without-job-zone", {}, []),
    (
        "only-source",
        {},
        [(PATHSMITH, "20"), (O_NET, "4"), (WEF, "2"), (AEI, "1"), (SAFI, "1")],
    ),
    (
        "places-of-sources",
        {},
        [
            (AEI, "1", "1", "1"),
            (WEF, "1", "1", "1"),
            (LER, "0", "0", "1"),
            (O_NET, "1", "0", "1"),
            (PATHSMITH, "1", "0", "1"),
            (SAFI, "1", "1", "1"),
            (CROSSWALK, "0", "0", "1"),
        ],
    ),
    ("ratings-incomplete", {}, []),
    ("ratings-outside-scale", {}, []),
    ("references-to-nothing", {}, []),
    (
        # Chips state September 2025, first on line 3, the release February 2026; the footer
        # states no date.
        "releases-against-pages",
        {},
        [
            (PAGE, "3", "Citation chip", "30.2", "2025-09", "30.2", "2026-02", "false"),
            (PAGE, "93", "Footer", "30.2", None, "30.2", "2026-02", "true"),
        ],
    ),
    ("scales-without-bounds", {}, []),
    (
        "share-of-domains-citing",
        {"source": "onet"},
        [
            ("Communication", "8", "5", "62.5"),
            ("Leadership", "4", "2", "50"),
            ("Metacognition", "4", "2", "50"),
            ("Critical Thinking", "4", "3", "75"),
            ("Collaboration", "4", "3", "75"),
            ("Character", "4", "2", "50"),
            ("Creativity", "4", "2", "50"),
            ("Growth Mindset", "4", "1", "25"),
            ("Mindfulness", "4", "2", "50"),
            ("Fortitude", "4", "2", "50"),
        ],
    ),
    (
        # By title; a pair stands in the order of the keys: aei, onet, pathsmith, safi, wef.
        "sources-cited-together",
        {},
        [
            (O_NET, PATHSMITH, "23"),
            (AEI, O_NET, "1"),
            (AEI, SAFI, "1"),
            (O_NET, WEF, "1"),
            (O_NET, SAFI, "1"),
            (SAFI, WEF, "1"),
        ],
    ),
    ("sources-cited-together", {"least": "2"}, [(O_NET, PATHSMITH, "23")]),
    (
        "sources-to-cite",
        {},
        [
            (
                AEI,
                "labor_market_impacts",
                None,
                OF_AEI,
                (
                    "Anthropic. Anthropic Economic Index, labor_market_impacts. "
                    "https://huggingface.co/datasets/Anthropic/EconomicIndex"
                ),
            ),
            (
                AEI,
                "release_2026_01_15",
                "2026-01-15",
                OF_AEI,
                (
                    "Anthropic. Anthropic Economic Index, release_2026_01_15. "
                    "https://huggingface.co/datasets/Anthropic/EconomicIndex"
                ),
            ),
            (
                AEI,
                "release_2026_03_24",
                "2026-03-24",
                OF_AEI,
                (
                    "Anthropic. Anthropic Economic Index, release_2026_03_24. "
                    "https://huggingface.co/datasets/Anthropic/EconomicIndex"
                ),
            ),
            (
                WEF,
                "2021",
                "2021-01",
                "not publicly known",
                (
                    "World Economic Forum (2021). Building a Common Language for Skills at Work: "
                    "A Global Taxonomy."
                ),
            ),
            (
                "Crosswalk between ESCO and O*NET occupations",
                "2020-11",
                "2020-11-23",
                MIT,
                (
                    "Kanders, K., Djumalieva, J., Sleeman, C., and Orlik, J. (2020). Mapping "
                    "Career Causeways: Supporting Workers at Risk. London: Nesta. Crosswalk "
                    "between O*NET and ESCO occupations."
                ),
            ),
            (
                "Crosswalk of the O*NET-SOC taxonomies of 2010 and 2019",
                "2019",
                "2019",
                CC_BY,
                (
                    "O*NET-SOC 2010 to O*NET-SOC 2019 crosswalk, U.S. Department of Labor, "
                    "Employment and Training Administration. Used under the CC BY 4.0 license."
                ),
            ),
            (
                (
                    "ESCO, the European classification of Skills, Competences, Qualifications and "
                    "Occupations"
                ),
                None,
                None,
                OF_ESCO,
                (
                    "This service uses the ESCO classification of the European Commission. ESCO "
                    "was modified: the builder of this graph has made RDF of its CSV files."
                ),
            ),
            (LER, None, None, "not publicly known", None),
            (
                O_NET,
                "30.2",
                "2026-02",
                CC_BY,
                (
                    "This graph includes information from the O*NET 30.2 Database by the U.S. "
                    "Department of Labor, Employment and Training Administration (USDOL/ETA). Used "
                    "under the CC BY 4.0 license. O*NET® is a trademark of USDOL/ETA. The builder "
                    "of this graph has modified all or some of this information. USDOL/ETA has not "
                    "approved, endorsed, or tested these modifications."
                ),
            ),
            (
                PATHSMITH,
                None,
                "2024-01",
                "not publicly known",
                "America Succeeds and CompTIA (2024). Pathsmith Durable Skills Framework.",
            ),
            (
                SAFI,
                None,
                "2026-04-08",
                "arXiv.org perpetual non-exclusive license",
                (
                    "Jadhav, R., and Danve, J. (2026). The AI Skills Shift: Mapping Skill "
                    "Obsolescence, Emergence, and Transition Pathways in the LLM Era. "
                    "arXiv:2604.06906. https://arxiv.org/abs/2604.06906"
                ),
            ),
            (CROSSWALK, None, None, "not publicly known", None),
        ],
    ),
    (
        "stage-ladder",
        {"domain": "Communication"},
        [
            (OCCUPATION, "1", "Level 1", "2", "Greeting at the desk; Plain directions"),
            (OCCUPATION, "2", "Level 2", "2", "Phone enquiries; Shift handover notes"),
            (OCCUPATION, "3", "Level 3", "2", "Fine disputes; Multilingual signage"),
            (
                OCCUPATION,
                "4",
                "Level 4",
                "2",
                "Closing-day announcements; Briefing the library board",
            ),
        ],
    ),
    (
        "stage-ladder",
        {"domain": "Fortitude"},
        [
            (OCCUPATION, "1", "Level 1", "1", "Long stocktake"),
            (OCCUPATION, "2", "Level 2", "1", "Searching on"),
            (OCCUPATION, "3", "Level 3", "1", "After the flood"),
            (OCCUPATION, "4", "Level 4", "1", "Budget winter"),
        ],
    ),
    (
        "statement-location",
        {"statement": "Phone enquiries"},
        [(PAGE, "33", PATHSMITH, "Communication", "30", "3")],
    ),
    (
        "statement-location",
        {"statement": '"Lost or missing" reports'},
        [(PAGE, "8", OCCUPATION, None, None, "6")],
    ),
    (
        "statements-citing",
        {"source": "aei"},
        [
            (
                OCCUPATION,
                "7",
                IN_BASE,
                None,
                "Interlibrary loan requests",
                statement("base/interlibrary-loan-requests"),
            ),
            (
                OCCUPATION,
                "15",
                IN_AI,
                None,
                "Subject heading drafts",
                statement("ai/subject-heading-drafts"),
            ),
            (
                OCCUPATION,
                "17",
                IN_AI,
                None,
                "Reading list assembly",
                statement("ai/reading-list-assembly"),
            ),
        ],
    ),
    ("statements-citing", {"source": LER}, []),
    (
        "statements-citing-nothing",
        {},
        [(PAGE, "6", IN_BASE, "Shelf-reading rounds", statement("base/shelf-reading-rounds"))],
    ),
    ("statements-citing-nothing", {"occupation": "43-4121.00"}, []),
    (
        "statements-grounded-by-both",
        {"source": "onet", "other": "wef"},
        [(OCCUPATION, "4", IN_BASE, "New reader cards", statement("base/new-reader-cards"))],
    ),
    (
        "statements-grounded-by-both",
        {"source": "safi", "other": "aei"},
        [(OCCUPATION, "17", IN_AI, "Reading list assembly", statement("ai/reading-list-assembly"))],
    ),
    (
        "statements-of-domain",
        {"domain": "Leadership"},
        [
            (
                OCCUPATION,
                "Level 1",
                "1",
                "Opening the branch",
                "takes the keys, runs the morning list unasked and reports what is not working",
                statement("durable/leadership/opening-the-branch"),
            ),
            (
                OCCUPATION,
                "Level 2",
                "2",
                "Guiding a new volunteer",
                "shows one routine at a time and stays near until it is done alone",
                statement("durable/leadership/guiding-a-new-volunteer"),
            ),
            (
                OCCUPATION,
                "Level 3",
                "3",
                "Running the holiday rota",
                "shares out unpopular shifts openly and fills the last gap in person",
                statement("durable/leadership/running-the-holiday-rota"),
            ),
            (
                OCCUPATION,
                "Level 4",
                "4",
                "Merging two service desks",
                (
                    "carries a sceptical team through the change with a date, a trial week and "
                    "honest reviews"
                ),
                statement("durable/leadership/merging-two-service-desks"),
            ),
        ],
    ),
    (
        "statements-of-domain",
        {"domain": "Communication", "position": "1"},
        [
            (
                OCCUPATION,
                "Level 1",
                "1",
                "Greeting at the desk",
                "looks up, says hello and asks one open question before reaching for the keyboard",
                statement("durable/communication/greeting-at-the-desk"),
            ),
            (
                OCCUPATION,
                "Level 1",
                "2",
                "Plain directions",
                (
                    "explains where a call number leads in words that a first-time visitor can "
                    "repeat back"
                ),
                statement("durable/communication/plain-directions"),
            ),
        ],
    ),
    ("statements-of-domain", {"domain": "Communication", "position": "5"}, []),
    (
        "statements-off-source",
        {},
        [
            (
                OCCUPATION,
                "34",
                PATHSMITH,
                "Communication",
                "Shift handover notes",
                statement("durable/communication/shift-handover-notes"),
            ),
            (
                OCCUPATION,
                "55",
                PATHSMITH,
                "Collaboration",
                "Trolley relay",
                statement("durable/collaboration/trolley-relay"),
            ),
        ],
    ),
    ("statements-outside-their-graph", {}, []),
    (
        "statements-per-stage",
        {},
        [
            ("Career stages", "1", "Career stage 1", "2", "3", "1.5"),
            ("Career stages", "2", "Career stage 2", "2", "1", "0.5"),
            ("Career stages", "3", "Career stage 3", "2", "3", "1.5"),
            ("Career stages", "4", "Career stage 4", "2", "4", "2"),
            ("Levels of proficiency", "1", "Level 1", "11", "17", "1.55"),
            ("Levels of proficiency", "2", "Level 2", "11", "18", "1.64"),
            ("Levels of proficiency", "3", "Level 3", "11", "16", "1.45"),
            ("Levels of proficiency", "4", "Level 4", "11", "15", "1.36"),
        ],
    ),
    (
        "statements-supporting-task",
        {"task": "900008"},
        [
            (
                confidence,
                OCCUPATION,
                line,
                IN_DURABLE if domain else IN_BASE,
                domain,
                label,
                statement(end),
            )
            for confidence, line, domain, label, end in (
                (
                    "0.9911",
                    "41",
                    "Leadership",
                    "Guiding a new volunteer",
                    "durable/leadership/guiding-a-new-volunteer",
                ),
                (
                    "0.9183",
                    "9",
                    None,
                    "Desk rota and student helpers",
                    "base/desk-rota-and-student-helpers",
                ),
                (
                    "0.478",
                    "40",
                    "Leadership",
                    "Opening the branch",
                    "durable/leadership/opening-the-branch",
                ),
                (
                    "0.4151",
                    "46",
                    "Metacognition",
                    "Search journal",
                    "durable/metacognition/search-journal",
                ),
                (
                    "0.214",
                    "63",
                    "Character",
                    "Owning a lost parcel",
                    "durable/character/owning-a-lost-parcel",
                ),
            )
        ],
    ),
    # Nothing on the page is worded like this task of librarians, and nothing is linked to it.
    ("statements-supporting-task", {"task": "900101"}, []),
    (
        "statements-with-word",
        {"word": "CHAT"},
        [
            (
                OCCUPATION,
                "19",
                "both",
                "House rules for chat assistants",
                (
                    "sets out which reader questions a chatbot may answer alone and which must "
                    "reach a person"
                ),
                statement("ai/house-rules-for-chat-assistants"),
            )
        ],
    ),
    (
        "statements-with-word",
        {"word": "catalogue c"},
        [
            (
                OCCUPATION,
                "17",
                "text",
                "Reading list assembly",
                (
                    "lets an AI search tool gather titles on a theme and strikes out every one the "
                    "catalogue cannot confirm"
                ),
                statement("ai/reading-list-assembly"),
            ),
            (
                OCCUPATION,
                "57",
                "label",
                "Shared catalogue clean-up",
                "merges duplicate records with partner branches under one agreed rule sheet",
                statement("durable/collaboration/shared-catalogue-clean-up"),
            ),
        ],
    ),
    ("statements-with-word", {"word": ")} UNION { ?x ?y ?z"}, []),
    (
        # Seven of the 18 tasks are linked to an activity, and all but 900104 have a type.
        "tasks-incomplete",
        {},
        [
            (node("task/900002"), "activity", ACCOUNTS),
            (node("task/900005"), "activity", NEW_STOCK),
            (node("task/900007"), "activity", COUNTING),
            (node("task/900008"), "activity", HELPERS),
            (node("task/900009"), "activity", DISPLAYS),
            (node("task/900010"), "activity", SCREENS),
            (node("task/900101"), "activity", BUYING),
            (node("task/900102"), "activity", HEADINGS),
            (node("task/900104"), "activity", HOUSE_RULES),
            (node("task/900104"), "type", HOUSE_RULES),
            (node("task/900202"), "activity", ACCOUNTS),
            (node("task/900204"), "activity", "Post letters about items kept too long."),
        ],
    ),
    (
        "tasks-not-anchored",
        {},
        [
            (OCCUPATION, "900005", "Core", NEW_STOCK),
            (OCCUPATION, "900007", "Core", COUNTING),
            (OCCUPATION, "900008", "Supplemental", HELPERS),
            (OCCUPATION, "900009", "Supplemental", DISPLAYS),
        ],
    ),
    (
        "tasks-of-occupation",
        {"occupation": "25-4022.00"},
        [
            ("900101", "Core", BUYING),
            ("900102", "Core", HEADINGS),
            ("900103", "Core", "Teach groups of readers how to judge what they find."),
            (
                "900104",
                None,
                HOUSE_RULES,
            ),
        ],
    ),
    (
        "tasks-of-occupation",
        {"occupation": OCCUPATION},
        [
            ("900001", "Core", RETURNS),
            ("900002", "Core", ACCOUNTS),
            ("900003", "Core", TRACING),
            ("900004", "Core", QUESTIONS),
            ("900005", "Core", NEW_STOCK),
            ("900006", "Core", SHELVES),
            ("900007", "Core", COUNTING),
            ("900008", "Supplemental", HELPERS),
            ("900009", "Supplemental", DISPLAYS),
            ("900010", "Supplemental", SCREENS),
        ],
    ),
    (
        # Confidences as tests/test_linking.py works them out from the texts of the release alone.
        "tasks-of-statement",
        {"statement": "Shelf-reading rounds"},
        [
            ("900006", "0.9718", "true", SHELVES),
            ("900001", "0.2299", "true", RETURNS),
        ],
    ),
    ("tasks-of-statement", {"statement": "Circulation figures"}, []),
    (
        "tasks-sharing-text",
        {},
        [
            (ACCOUNTS, "2", "900002", OCCUPATION),
            (ACCOUNTS, "2", "900202", "Library Assistants, Clerical"),
        ],
    ),
    ("terms-added-by-pages", {}, []),
    (
        "top-skill-branch",
        {},
        [
            (OCCUPATION, "2.A.1.a", "Reading Comprehension"),
            (OCCUPATION, "2.A.1", "Content"),
            (OCCUPATION, "2.A", "Basic Skills"),
            (OCCUPATION, "2", "Worker Requirements"),
        ],
    ),
    ("triples-in-two-graphs", {}, []),
    ("values-given-twice", {}, []),
    *INDEX,
    *RELEASE,
]


@pytest.mark.parametrize(
    ("name", "params", "rows"),
    EXPECTED,
    ids=[" ".join([name, *(f"{k}={v}" for k, v in p.items())]) for name, p, _ in EXPECTED],
)
def test_rows(quick_graph: Graph, name: str, params: dict[str, str], rows: list[Row]) -> None:
    """A query gives the rows worked out by hand, in this order."""
    assert rows == quick_graph.query(name, params).rows


@pytest.mark.parametrize("name", sorted({name for name, _, _ in EXPECTED}))
def test_columns(quick_graph: Graph, name: str) -> None:
    """Columns are named in words, and what is called line is one."""
    params, rows = next((params, rows) for known, params, rows in EXPECTED if known == name)
    columns = quick_graph.query(name, params).columns
    assert [] == [column for column in columns if not re.fullmatch(r"[a-z]+(_[a-z]+)*", column)]
    if "line" in columns:
        assert all((row[columns.index("line")] or "").isdecimal() for row in rows)


def test_every_query_is_tested() -> None:
    """Every named query has rows worked out by hand; a view is tested as a whole."""
    tables = {name for name, query in load_queries().items() if query.kind != "construct"}
    assert tables == {name for name, _, _ in EXPECTED}


@pytest.fixture(scope="module")
def joined_graph(tmp_path_factory: pytest.TempPathFactory, example_graph: Graph) -> Graph:
    """Return the example beside all that its release says in O*NET's own terms, of other nodes."""
    folder, is_iri = tmp_path_factory.mktemp("joined"), pl.col("kind") == "iri"
    term = [pl.col(c).str.replace(BASE, "https://data.example.org/") for c in ("subject", "object")]
    release = pl.read_parquet(example_graph.generation.parts[node("graph/onet/30.2")])
    said = release.filter(
        pl.col("predicate").str.starts_with(ONET.iri)
        | ((pl.col("predicate") == RDF.type) & pl.col("object").str.starts_with(ONET.iri))
    )
    other = said.with_columns(term[0], pl.when(is_iri).then(term[1]).otherwise("object"))
    with (folder / "other.nq").open("wb") as out:
        quads.write_nquads(other.with_columns(graph=pl.lit("https://data.example.org/")), out)
    inputs = [*example_inputs(), folder / "other.nq"]
    return AskedHere(build(inputs, folder / "graph").generation)


@pytest.mark.parametrize(
    ("name", "params", "rows"),
    [case for case in EXPECTED if not case[0].startswith("graphs-of-")],
    ids=[case[0] for case in EXPECTED if not case[0].startswith("graphs-of-")],
)
def test_rows_beside_the_rdf_of_others(
    joined_graph: Graph, name: str, params: dict[str, str], rows: list[Row]
) -> None:
    """What others say of their nodes in the same terms changes no answer about ours."""
    assert rows == joined_graph.query(name, params).rows
