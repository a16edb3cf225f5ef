"""Rows of the queries about the index, ESCO, crosswalks and mappings, worked out by hand.

From the tables under `build/example`: the index has figures of five tasks and one text of none,
ESCO seven occupations and seven skills, and of the crosswalk's seven pairs three join directly, one
is carried over one to one, one to a wider code, one is split in two, and one is lost.
"""

from __future__ import annotations

from release_rows import Row

__all__ = ["INDEX"]

GRAPH = "https://w3id.org/skills-kg/graph/"
RELEASE, IMPACTS = "release_2026_01_15", "labor_market_impacts"
CROSSWALK = f"{GRAPH}crosswalk/esco_onet_crosswalk"
CARRIED = f"{GRAPH}links/crosswalk/esco_onet_crosswalk"
LINKS = f"{GRAPH}links/page/library-technicians"
MAPPINGS = f"{GRAPH}mappings/skills_elements"
HISTORY = "soc_2010_to_2019.csv"

TECHNICIANS = "Library Technicians"
LIBRARIANS = "Librarians and Media Collections Specialists"
ASSISTANTS = "Library Assistants, Clerical"

QUESTIONS = "Answer quick questions at the enquiry desk and pass longer ones to a librarian."
COUNTING = "Count loans, visits and questions each month and chart the results."
ACCOUNTS = "Keep borrower accounts correct and up to date."
DISPLAYS = "Prepare themed displays and small events for children and newcomers."
TRACING = (
    "Trace books that readers ask for in the catalogues of other libraries and arrange their loan."
)
SHELVES = "Walk the shelves to find misplaced volumes and restore their order."
RETURNS = "Check returned loans for damage and guide them back to the right shelf."
NEW_STOCK = "Cover, label and stamp new stock so that it can go on the shelf."
HELPERS = "Show volunteers and student helpers how desk and shelving routines work."
SCREENS = 'Keep copiers, scanners and the 15" catalogue screens clean and running.'

SKILL, KNOWLEDGE = "skill/competence", "knowledge"

#: Query, parameters, and the rows of the answer, in their order.
INDEX: list[tuple[str, dict[str, str], list[Row]]] = [
    ("concepts-in-a-circle", {}, []),
    (
        "esco-partners",
        {},
        [
            # The reading room guide and the stack keeper, and the mobile lender of a former code.
            ("25-4031.00", TECHNICIANS, "3", "2", "1", "0"),
            ("25-4022.00", LIBRARIANS, "2", "0", "1", "1"),
            ("43-4121.00", ASSISTANTS, "2", "1", "0", "1"),
        ],
    ),
    ("esco-partners", {"least": "3"}, [("25-4031.00", TECHNICIANS, "3", "2", "1", "0")]),
    (
        # Levels 2 and 0.5 of at most 2; the pair of 25-4032.00 had level 2.
        "esco-skills-of-occupation",
        {"occupation": "25-4031.00"},
        [
            (
                "1",
                "closeMatch",
                "25-4032.00",
                "one to one",
                "mobile lender",
                "essential",
                SKILL,
                "answer enquiries",
            ),
            (
                "1",
                "closeMatch",
                "25-4032.00",
                "one to one",
                "mobile lender",
                "optional",
                SKILL,
                "draw up a budget",
            ),
            (
                "1",
                "closeMatch",
                None,
                None,
                "reading room guide",
                "essential",
                SKILL,
                "answer enquiries",
            ),
            (
                "1",
                "closeMatch",
                None,
                None,
                "reading room guide",
                "essential",
                SKILL,
                "sort returned media",
            ),
            (
                "1",
                "closeMatch",
                None,
                None,
                "reading room guide",
                "optional",
                KNOWLEDGE,
                "classification schemes",
            ),
            (
                "0.25",
                "closeMatch",
                None,
                None,
                "stack keeper",
                "essential",
                SKILL,
                "sort returned media",
            ),
            ("0.25", "closeMatch", None, None, "stack keeper", "optional", SKILL, "mend bindings"),
        ],
    ),
    (
        # Of the five skills above, "phone enquiries" stands in line 33 and "shelf-reading" in 6.
        "esco-skills-unmentioned",
        {"occupation": "25-4031.00"},
        [
            ("optional", KNOWLEDGE, "classification schemes", "1"),
            ("optional", SKILL, "draw up a budget", "1"),
            ("optional", SKILL, "mend bindings", "1"),
        ],
    ),
    (
        "exposure-against-augment",
        {},
        [("25-4031.00", TECHNICIANS, "25-4031", "1", "0.23", "0.62")],
    ),
    ("exposure-against-augment", {"occupation": "25-4022.00"}, []),
    ("groups-of-occupations", {}, []),
    (
        "groups-of-occupations",
        {"least": "1"},
        [
            ("25-4022", LIBRARIANS, "1", "0.41"),
            ("25-4031", TECHNICIANS, "1", "0.23"),
            ("43-4121", ASSISTANTS, "1", "0.18"),
        ],
    ),
    (
        "index-texts-unmatched",
        {},
        [
            (IMPACTS, "Task penetration", "0", "6", "Wind the tower clock."),
            (RELEASE, "Usage share", "87.5", "5", "none"),
            (RELEASE, "Usage share", "0.5", "8", "write riddles for the back of a bookmark."),
        ],
    ),
    (
        # 0.3 + 0.41 + 0.23 + 0.18; 0.62 + 0.25 + 0.4 + 0 + 0; the shares are of all conversations.
        "index-totals",
        {},
        [
            (
                IMPACTS,
                "job_exposure.csv",
                "Observed exposure",
                "4",
                "1.12",
                "0",
                "0",
                "4",
                "0",
                "0",
            ),
            (
                IMPACTS,
                "task_penetration.csv",
                "Task penetration",
                "5",
                "1.27",
                "4",
                "1",
                "0",
                "1",
                "0",
            ),
            (
                RELEASE,
                "automation_vs_augmentation.csv",
                "Interaction share",
                "6",
                "100",
                "0",
                "0",
                "0",
                "0",
                "6",
            ),
            (RELEASE, "onet_task_mappings.csv", "Usage share", "7", "100", "5", "1", "0", "1", "1"),
        ],
    ),
    (
        "interaction-shares",
        {},
        [
            (RELEASE, "task iteration", "30"),
            (RELEASE, "learning", "25"),
            (RELEASE, "directive", "20.5"),
            (RELEASE, "feedback loop", "10"),
            (RELEASE, "none", "10"),
            (RELEASE, "validation", "4.5"),
        ],
    ),
    (
        # Level 1 of at most 2, and half of that for each of two codes.
        "links-carried-over",
        {},
        [
            (
                "25-4021.00",
                "taken up",
                "25-4022.00",
                LIBRARIANS,
                "broadMatch",
                "1",
                "subject cataloguer",
                HISTORY,
                "6",
            ),
            (
                "25-4032.00",
                "one to one",
                "25-4031.00",
                TECHNICIANS,
                "closeMatch",
                "1",
                "mobile lender",
                HISTORY,
                "5",
            ),
            (
                "43-4128.00",
                "split",
                "25-4022.00",
                LIBRARIANS,
                "closeMatch",
                "0.25",
                "collection planner",
                HISTORY,
                "7",
            ),
            (
                "43-4128.00",
                "split",
                "43-4121.00",
                ASSISTANTS,
                "closeMatch",
                "0.25",
                "collection planner",
                HISTORY,
                "7",
            ),
        ],
    ),
    (
        "links-carried-over",
        {"former": "25-4021.00"},
        [
            (
                "25-4021.00",
                "taken up",
                "25-4022.00",
                LIBRARIANS,
                "broadMatch",
                "1",
                "subject cataloguer",
                HISTORY,
                "6",
            ),
        ],
    ),
    ("links-carried-over", {"former": "25-4098.00"}, []),
    (
        # The 77 links to tasks: tests/test_linking.py; one of them has 0.5 or more.
        "links-by-justification",
        {},
        [
            (CROSSWALK, "Asserted", "closeMatch", "CompositeMatching", "3", "2", "1", "0", "0"),
            (CARRIED, "Inferred", "broadMatch", "MappingChaining", "1", "1", "0", "0", "0"),
            (CARRIED, "Inferred", "closeMatch", "MappingChaining", "3", "1", "2", "0", "0"),
            (
                LINKS,
                "Inferred",
                "supports",
                "LexicalSimilarityThresholdMatching",
                "75",
                "32",
                "43",
                "0",
                "0",
            ),
            (MAPPINGS, "Asserted", "closeMatch", "ManualMappingCuration", "1", "0", "0", "1", "1"),
            (MAPPINGS, "Asserted", "relatedMatch", "LexicalMatching", "1", "0", "1", "0", "0"),
            (
                MAPPINGS,
                "Asserted",
                "relatedMatch",
                "ManualMappingCuration",
                "1",
                "1",
                "0",
                "0",
                "0",
            ),
        ],
    ),
    (
        "mapping-sets",
        {},
        [
            (
                CROSSWALK,
                "Crosswalk between ESCO and O*NET occupations",
                "Asserted",
                "3",
                "https://opensource.org/license/mit",
            ),
            (CARRIED, None, "Inferred", "4", "https://opensource.org/license/mit"),
            (LINKS, None, "Inferred", "75", "© 2026 The skills-kg project, CC BY 4.0."),
            (
                MAPPINGS,
                "Skills of the sample and elements of the O*NET content model",
                "Asserted",
                "3",
                "https://creativecommons.org/licenses/by/4.0/",
            ),
        ],
    ),
    (
        "occupations-of-esco-skill",
        {"skill": "mend bindings"},
        [
            ("essential", "picture lender", None, None, None),
            ("optional", "loans desk worker", "43-4121.00", ASSISTANTS, "0.5"),
            ("optional", "stack keeper", "25-4031.00", TECHNICIANS, "0.25"),
        ],
    ),
    ("occupations-without-esco", {}, []),
    (
        "penetration-of-occupation",
        {"occupation": "25-4031.00"},
        [
            ("0.62", "Core", "900004", QUESTIONS),
            ("0.4", "Core", "900003", TRACING),
            ("0.25", "Core", "900002", ACCOUNTS),
            ("0", "Core", "900006", SHELVES),
            (None, "Core", "900001", RETURNS),
            (None, "Core", "900005", NEW_STOCK),
            (None, "Core", "900007", COUNTING),
            (None, "Supplemental", "900008", HELPERS),
            (None, "Supplemental", "900009", DISPLAYS),
            (None, "Supplemental", "900010", SCREENS),
        ],
    ),
    (
        # 4.5 + 3.25 + 2 + 1.5; the 2 are of a text that Library Assistants have too.
        "usage-by-occupation",
        {},
        [
            (RELEASE, "25-4031.00", TECHNICIANS, "11.25", "4", "1"),
            (RELEASE, "43-4121.00", ASSISTANTS, "2", "1", "1"),
            (RELEASE, "25-4022.00", LIBRARIANS, "0.75", "1", "0"),
        ],
    ),
    (
        "usage-by-occupation",
        {"least": "2"},
        [
            (RELEASE, "25-4031.00", TECHNICIANS, "11.25", "4", "1"),
            (RELEASE, "43-4121.00", ASSISTANTS, "2", "1", "1"),
        ],
    ),
    (
        # By build/example/library-technicians.links.ttl. Level 1: two statements support 900004
        # (4.5), one 900007 (3.25); level 2 the same; level 3 one each, and one 900009 (1.5);
        # level 4: 900004, and 900002 (2).
        "usage-by-stage",
        {},
        [
            ("Base framework", "Career stage 2", "1", "1", "4.5"),
            ("Base framework", "Career stage 3", "1", "1", "2"),
            ("Durable-skills framework", "Level 1", "5", "4", "11.25"),
            ("Durable-skills framework", "Level 2", "4", "2", "7.75"),
            ("Durable-skills framework", "Level 3", "5", "4", "11.25"),
            ("Durable-skills framework", "Level 4", "3", "4", "11.25"),
        ],
    ),
    ("usage-by-stage", {"occupation": "25-4022.00"}, []),
    (
        "usage-of-occupation",
        {"occupation": "25-4031.00"},
        [
            (RELEASE, "4.5", "1", "900004", QUESTIONS),
            (RELEASE, "3.25", "1", "900007", COUNTING),
            (RELEASE, "2", "2", "900002", ACCOUNTS),
            (RELEASE, "1.5", "1", "900009", DISPLAYS),
        ],
    ),
]
