"""Recipes: what they may say, what they build, and builds repeated from their manifests."""

from __future__ import annotations

import errno
import json
import shutil
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import kg
from conftest import ROOT
from downloads import Served, served, zipped

import kg as package
from kg.errors import InputError, OutputError, RequestError
from kg.fetch import Fetched
from kg.generations import current
from kg.generations.model import Generation
from kg.pipeline import build, build_recipe, differences
from kg.readers import files
from kg.recipes import Gathered, Lock, addresses, gather, load_recipe, lock_file
from kg.recipes.model import INPUT_KEYS, KEYS
from kg.recipes.search import folder_digest
from kg.resources import folder

BUILD = folder("build")
EXAMPLE = BUILD / "example"
PAGE = EXAMPLE / "library-technicians.txt"
RELEASE = EXAMPLE / "onet_30_2_text"
ZIP = "db_30_2_text.zip"
SHA256 = "0" * 64


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    """Return a running server that has the example's release as an archive."""
    with served() as server:
        server.files[f"/{ZIP}"] = zipped(RELEASE)
        yield server


@pytest.fixture
def server(running: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    """Return the server, with a cache of the test's own."""
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))
    running.asked.clear()
    return running


@pytest.fixture(scope="module")
def one_page(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """Return a graph of a page, a release that does not say its number, and a catalogue."""
    place = tmp_path_factory.mktemp("page")
    (place / "more.toml").write_text('[[source]]\nkey = "more"\ntitle = "More"\n')
    shutil.copy(PAGE, place / "page.txt")
    shutil.copytree(RELEASE, place / "tables")
    (place / "tables" / "Read Me.txt").unlink()
    return build(
        [place / "page.txt", place / "tables"],
        place / "graph",
        sources=place / "more.toml",
        base="https://example.org/",
        lenient=True,
        release="30.2",
    ).generation


def written(folder: Path, text: str, name: str = "my.toml") -> Path:
    """Write a recipe and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def manifest(generation: Generation) -> bytes:
    """Return the bytes of a manifest."""
    return (generation.path / "manifest.json").read_bytes()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", None, "needs an [[input]] table"),
        ("[[input]]\npath = a\n", 2, "is no TOML: invalid value"),
        ("[[input]]\npath =", 2, "is no TOML: invalid value"),
        ("colour = 1\n", 1, "unknown key 'colour'; allowed: base, strict"),
        ('strict = "yes"\n', 1, "strict must be true or false"),
        ("strict = 1\n", 1, "strict must be true or false"),
        ('\nbase = "nowhere"\n', 2, "base 'nowhere' is not an absolute IRI"),
        ("input = [1]\n", 1, "needs an [[input]] table"),
        ('sources-sha256 = "00"\n[[input]]\npath = "a"\n', 1, "needs sources"),
        ('[[input]]\npath = "a"\n\n[[input]]\npaths = "b"\n', 5, "unknown key 'paths'"),
        ('[[input]]\npath = "a"\n[input.more]\nx = 1\n', 1, "unknown key 'more'"),
        ('[more]\nx = 1\n[[input]]\npath = "a"\n', 1, "unknown key 'more'"),
        ("[[input]]\n", 1, "exactly one of path, url and source; here: none"),
        ('[[input]]\npath = "a"\nsource = "onet"\n', 3, "here: path and source"),
        ('[[input]]\npath = ""\n', 2, "path is empty"),
        ('[[input]]\npath = "a\\u0000"\n', 2, "NUL"),
        ('[[input]]\npath = "a"\nreader = "poem"\n', 3, "reader 'poem': one of page, release, rdf"),
        ('[[input]]\npath = "a"\nsha256 = "ABC"\n', 3, "sha256 is no SHA-256"),
        ('[[input]]\npath = "a"\nname = "b"\n', 3, "name is for what is downloaded"),
        ('[[input]]\nurl = "http://example.org/a.csv"\n', 2, "only https is spoken"),
        ('[[input]]\nurl = "https://[x/a"\n', 2, "is no address"),
        ('[[input]]\nurl = "https://example.org/"\n', 2, "cannot name a file"),
        ('[[input]]\nurl = "https://a.org/"\nname = "../a"\n', 3, "cannot name a file"),
        ('[[input]]\nurl = "https://a.org/b.csv"\nmax-bytes = 0\n', 3, "more than 0"),
        ('[[input]]\nurl = "https://a.org/b.csv"\nmax-bytes = true\n', 3, "a whole number"),
        ('[[input]]\nurl = "https://a.org/b"\nrelease = "../1"\n', 3, "cannot name a file"),
        ('[[input]]\nsource = "none"\n', 2, "these can be downloaded: aei, onet"),
        ('[[input]]\nsource = "safi"\n', 2, "get it from https://arxiv.org"),
        ('[[input]]\nsource = "onet"\nrelease = "../30"\n', 2, "is not the name of a release"),
        ('[[input]]\nsource = "aei"\nname = "a"\n', 3, "the source has 2 files"),
        ("a = " + "[" * 10_000, None, "nested too deeply"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    text: str, line: int | None, said: str, tmp_path: Path
) -> None:
    """A wrong recipe names the key and the line, in one line of text."""
    path = written(tmp_path, text)
    with pytest.raises(InputError) as caught:
        load_recipe(path)

    assert said in str(caught.value)
    assert line == caught.value.line
    assert str(path) in str(caught.value)
    assert 1 == len(str(caught.value).splitlines())


def test_a_recipe_of_another_release_than_its_input(tmp_path: Path) -> None:
    """One graph holds one release, so a recipe names one."""
    path = written(
        tmp_path,
        'onet-release = "30.2"\n[[input]]\npath = "a"\nreader = "release"\nrelease = "29.0"\n',
    )
    with pytest.raises(InputError, match=r"my\.toml:1: .* several releases"):
        load_recipe(path)


@pytest.mark.parametrize("name", ["everything", "example", "occupation"])
def test_the_recipes_that_are_shipped_can_be_read(name: str) -> None:
    """The recipes in build/ are recipes."""
    assert load_recipe(BUILD / f"{name}.toml").inputs


def test_the_example_of_its_recipe(example_folder: Path, tmp_path: Path) -> None:
    """The example's recipe, whose checksums are right, gives what a build without inputs does."""
    report = build_recipe(load_recipe(BUILD / "example.toml"), tmp_path / "graph")

    assert manifest(current(example_folder)) == manifest(report.generation)


def test_paths_are_relative_to_the_recipe(tmp_path: Path) -> None:
    """A recipe means the same from whatever folder it is used, and its options hold."""
    shutil.copy(PAGE, tmp_path / "page.txt")
    written(tmp_path, '[[source]]\nkey = "more"\ntitle = "More"\n', "more.toml")
    path = written(
        tmp_path,
        'base = "https://example.org"\nlenient = true\nsources = "more.toml"\n'
        '[[input]]\npath = "page.txt"\nrelease = "30.2"\n',
    )
    recipe = load_recipe(path)
    gathered = gather(recipe)

    assert [tmp_path / "page.txt"] == [item.path for item in gathered.inputs]
    assert tmp_path / "more.toml" == gathered.sources
    assert ("https://example.org/", True, False) == (recipe.base, recipe.lenient, recipe.strict)
    assert gathered.release is None  # there is no O*NET release among the inputs


def test_the_release_of_an_input_is_that_of_the_graph(tmp_path: Path) -> None:
    """The number that a recipe gives an O*NET release, which may not say it, is used."""
    text = f'[[input]]\npath = "{RELEASE}"\nrelease = "30.2"\n'

    assert "30.2" == gather(load_recipe(written(tmp_path, text))).release


def test_the_reader_that_is_named_reads(tmp_path: Path) -> None:
    """A file is read as what the recipe says; of a folder, what that reader reads."""
    shutil.copy(PAGE, tmp_path / "page.ttl")
    both = tmp_path / "both"
    shutil.copytree(RELEASE, both)
    shutil.copy(PAGE, both)
    text = (
        '[[input]]\npath = "page.ttl"\nreader = "page"\n[[input]]\npath = "both"\nreader = "{}"\n'
    )
    as_page = gather(load_recipe(written(tmp_path, text.format("page"))))
    as_release = gather(load_recipe(written(tmp_path, text.format("release"))))

    assert [("page", "page.ttl"), ("page", PAGE.name)] == [
        (i.kind, i.path.name) for i in as_page.inputs
    ]
    assert [("page", "page.ttl"), ("release", "both")] == [
        (i.kind, i.path.name) for i in as_release.inputs
    ]
    with pytest.raises(InputError, match=r"my\.toml:4: .* reader rdf, but: page, release"):
        gather(load_recipe(written(tmp_path, text.format("rdf"))))


def test_a_wrong_checksum_stops_before_anything_is_read(tmp_path: Path, server: Served) -> None:
    """One wrong checksum: exit 2, nothing is read or downloaded, and nothing is published."""
    (tmp_path / "broken.txt").write_bytes(b"\xff\xff")
    path = written(
        tmp_path,
        f'[[input]]\npath = "broken.txt"\n[[input]]\nurl = "{server.url("/" + ZIP)}"\n'
        f'[[input]]\npath = "{PAGE}"\nsha256 = "{SHA256}"\n',
    )
    result = kg("build", "--recipe", path, "--graph", tmp_path / "graph")

    assert 2 == result.returncode
    assert f"{path}:5: {PAGE} has the sha256 " in result.stderr
    assert 1 == len(result.stderr.splitlines())
    assert not (tmp_path / "graph").exists()
    assert 0 == server.asked.total()


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("input", '[[input]]\npath = "not-there.txt"\n'),
        ("sources", f'sources = "no.toml"\n[[input]]\npath = "{PAGE}"\n'),
        (
            "sources-sha256",
            f'sources = "{PAGE}"\nsources-sha256 = "{SHA256}"\n[[input]]\npath = "{PAGE}"\n',
        ),
        ("folder", f'[[input]]\npath = "{RELEASE}"\nsha256 = "{SHA256}"\n'),
    ],
)
def test_what_is_not_as_it_should_be(key: str, text: str, tmp_path: Path) -> None:
    """An input, a catalogue or a folder that is not there, or is another, is one line."""
    result = kg("build", "--recipe", written(tmp_path, text), "--graph", tmp_path / "graph")

    assert (2, 1) == (result.returncode, len(result.stderr.splitlines())), key
    assert not (tmp_path / "graph").exists()


def test_another_catalogue_than_its_checksum_is_not_read(tmp_path: Path) -> None:
    """The checksum of a catalogue is compared before addresses are taken from it."""
    written(tmp_path, "no = \n", "s.toml")
    text = f'sources = "s.toml"\nsources-sha256 = "{SHA256}"\n[[input]]\nsource = "onet"\n'
    with pytest.raises(InputError, match="not the one of the recipe; nothing was read") as caught:
        load_recipe(written(tmp_path, text))

    assert 2 == caught.value.line


@pytest.mark.parametrize("what", ["page.txt", "folder"])
def test_what_changes_after_its_checksum_is_not_built(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file, or one in a folder, that changes between its checksum and its end stops the build."""
    page = tmp_path / ("page.txt" if what == "page.txt" else "folder/page.txt")
    page.parent.mkdir(exist_ok=True)
    shutil.copy(PAGE, page)
    sha256 = folder_digest(page.parent) if what == "folder" else files.file_sha256(page)
    recipe = load_recipe(written(tmp_path, f'[[input]]\npath = "{what}"\nsha256 = "{sha256}"\n'))

    def gathered(*arguments: Any) -> Gathered:
        found = gather(*arguments)
        page.write_text(page.read_text(encoding="utf-8").replace("desk", "table"), encoding="utf-8")
        return found

    monkeypatch.setattr("kg.pipeline.gather", gathered)
    with pytest.raises(InputError, match="changed after its checksum was compared; build again"):
        build_recipe(recipe, tmp_path / "graph")

    assert not (tmp_path / "graph" / "current").exists()


def test_the_checksum_of_a_folder_is_that_of_a_list(tmp_path: Path) -> None:
    """The checksum of a folder is what `sha256sum` gives of its own list; hidden files are none."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.txt").write_bytes(b"one\n")
    (tmp_path / "c.txt").write_bytes(b"two\n")
    (tmp_path / ".hidden").write_bytes(b"three\n")

    # find . -type f -not -path '*/.*' -printf '%P\n' | LC_ALL=C sort | xargs sha256sum | sha256sum
    assert "16731b225ae4261c500eee622dc06635caa743a0f4cb7ea35e68313f4d1638a9" == folder_digest(
        tmp_path
    )


def test_options_beside_a_recipe(tmp_path: Path) -> None:
    """What a recipe says is not said again beside it; where its inputs are, neither."""
    path = written(tmp_path, f'[[input]]\npath = "{PAGE}"\n')
    for option in (("--lenient",), ("--base", "https://a.org/"), ("--onet-release", "30.2")):
        result = kg("build", "--recipe", path, *option, cwd=tmp_path)
        assert (2, f"kg: {option[0]}: the recipe says that") == (
            result.returncode,
            result.stderr[: len(f"kg: {option[0]}: the recipe says that")],
        )
    assert "give either it or inputs" in kg("build", PAGE, "--recipe", path, cwd=tmp_path).stderr
    with pytest.raises(RequestError, match="the recipe says"):
        package.build(graph=tmp_path / "graph", recipe=path, lenient=True)
    assert [path] == list(tmp_path.iterdir())


def test_a_build_is_repeated_from_its_manifest(one_page: Generation, tmp_path: Path) -> None:
    """The manifest is enough: inputs found by name and checksum in another folder, and options."""
    here = tmp_path / "elsewhere" / "deep"
    (here / "decoy").mkdir(parents=True)
    (here / "decoy" / "page.txt").write_text("another page of that name")
    with zipfile.ZipFile(here / "pages.zip", "w") as archive:
        archive.write(PAGE, "inside/page.txt")
    shutil.copy(one_page.path.parents[2] / "more.toml", here)
    shutil.copytree(one_page.path.parents[2] / "tables", here / "tables")
    shutil.copy(one_page.path / "manifest.json", tmp_path / "kept.json")
    recipe = load_recipe(tmp_path / "kept.json")
    again = build_recipe(recipe, tmp_path / "again", look_in=[tmp_path / "elsewhere"])

    assert manifest(one_page) == manifest(again.generation)
    assert [] == differences(recipe, again.generation)
    stated = json.loads(manifest(one_page))
    assert {"lenient": True, "onet-release": "30.2"} == stated["options"]


def test_what_a_manifest_names_and_is_not_there(one_page: Generation, tmp_path: Path) -> None:
    """An input that is nowhere, or has changed, is named with its checksum; nothing is built."""
    shutil.copy(one_page.path.parents[2] / "more.toml", tmp_path)
    nowhere = kg("build", "--recipe", one_page.path, cwd=tmp_path)
    (tmp_path / "page.txt").write_bytes(PAGE.read_bytes() + b"\n")
    changed = kg("build", "--recipe", one_page.path, tmp_path, cwd=tmp_path)

    assert (2, 2) == (nowhere.returncode, changed.returncode)
    assert "the page 'page.txt' with sha256" in nowhere.stderr
    assert "nothing in . has its name" in nowhere.stderr
    assert "page.txt has another checksum" in changed.stderr
    assert not (tmp_path / "graph").exists()


def test_a_release_in_a_folder_is_found_again(example_folder: Path, tmp_path: Path) -> None:
    """The example is repeated by the name of its graph and generation, and says that it is it."""
    name = f"{example_folder}@000001"
    result = kg("build", "--recipe", name, "--graph", tmp_path / "again", cwd=tmp_path)

    assert 0 == result.returncode
    assert result.stdout.splitlines()[-1].startswith("the same as in ")
    assert manifest(current(example_folder)) == manifest(current(tmp_path / "again"))


def test_the_folder_that_names_a_release_is_stated(tmp_path: Path) -> None:
    """A table of the index is found again only in a folder that names the same release."""
    place = tmp_path / "first" / "release_2026_01_15"
    written(place, "task_name,pct\nSort the post,100\n", "shares.csv")
    first = package.build(place, graph=tmp_path / "graph").generation
    shutil.copytree(place, tmp_path / "second" / "deep" / place.name)
    recipe = load_recipe(first.path)
    again = build_recipe(recipe, tmp_path / "again", look_in=[tmp_path / "second"])
    place.rename(tmp_path / "first" / "release_2026_02_15")

    assert ["release_2026_01_15/shares.csv"] == [stated.file for stated in recipe.stated]
    assert [] == differences(recipe, again.generation)
    with pytest.raises(InputError, match=r"nothing in .*first has its name"):
        gather(recipe, [tmp_path / "first"])


def test_metadata_beside_a_mapping_set_count(tmp_path: Path) -> None:
    """A mapping set is found again with the metadata beside it, and not without."""
    place = tmp_path / "first"
    head, rows = "curie_map:\n  a: https://a.org/\n", "subject_id\tpredicate_id\tobject_id\t"
    rows += "mapping_justification\na:b\tskos:exactMatch\ta:c\tsemapv:ManualMappingCuration\n"
    written(place, head, "some.sssom.yml")
    table = written(place, rows, "some.sssom.tsv")
    first = package.build(table, graph=tmp_path / "graph").generation
    recipe = load_recipe(first.path)
    shutil.copytree(place, tmp_path / "second")

    assert [] == differences(
        recipe, build_recipe(recipe, tmp_path / "again", look_in=[tmp_path / "second"]).generation
    )
    (tmp_path / "second" / "some.sssom.yml").unlink()
    with pytest.raises(InputError, match=r"some\.sssom\.tsv has another checksum"):
        gather(recipe, [tmp_path / "second"])


def test_a_build_that_is_not_the_same_says_so(one_page: Generation, tmp_path: Path) -> None:
    """Where a graph has another digest than the manifest says, the exit code is 1."""
    stated = json.loads(manifest(one_page))
    stated["parts"][0]["sha256"] = SHA256
    stated["versions"]["polars"] = "0.1"
    path = written(tmp_path, json.dumps(stated), "old.json")
    place = one_page.path.parents[2]
    result = kg("build", "--recipe", path, place, "--graph", tmp_path / "again")

    assert 1 == result.returncode
    assert f"1 other graph, {stated['parts'][0]['graph']} first" in result.stdout
    assert "polars 0.1 then, " in result.stdout


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "{" * 10,
        '{"base": 1}',
        '{"base": "https://a.org/", "inputs": [{"kind": "page"}], "parts": []}',
        '{"base": "https://a.org/", "inputs": [{"kind": "poem", "file": "a", "sha256": "'
        + SHA256
        + '"}], "parts": [{"graph": "a", "sha256": ""}]}',
        '{"base": "https://a.org/", "inputs": [], "parts": [{"graph": "a", "sha256": ""}], '
        '"fetched": [{"url": 5, "file": "a", "sha256": "' + SHA256 + '"}]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_manifest(text: str, tmp_path: Path) -> None:
    """JSON that is not a manifest is refused in a line."""
    with pytest.raises(InputError, match="is no manifest of a generation"):
        load_recipe(written(tmp_path, text, "manifest.json"))


def test_a_manifest_without_inputs_is_none_of_the_example(
    one_page: Generation, tmp_path: Path
) -> None:
    """A manifest that states no inputs, or only a catalogue of sources, builds nothing."""
    stated = json.loads(manifest(one_page))
    for inputs in ([], [i for i in stated["inputs"] if i["kind"] == "sources"]):
        path = written(tmp_path, json.dumps({**stated, "inputs": inputs}), "old.json")
        with pytest.raises(InputError, match="states no inputs"):
            load_recipe(path)


def test_what_is_downloaded_is_locked(server: Served, tmp_path: Path) -> None:
    """The first download is recorded beside the recipe; from then on nothing else is taken."""
    url = server.url("/changes.csv")
    path = written(tmp_path, f'[[input]]\nurl = "{url}"\nname = "page.txt"\n')
    first = kg("fetch", "--recipe", path)
    again = kg("fetch", "--recipe", path)
    lock = lock_file(path)
    (entry,) = tomllib.loads(lock.read_text())["file"]
    shutil.rmtree(tmp_path / "cache")
    changed = kg("fetch", "--recipe", path)

    assert (0, 0, 2) == (first.returncode, again.returncode, changed.returncode)
    assert tmp_path / "my.lock" == lock
    assert (url, 2) == (entry["url"], server.asked["/changes.csv"])
    assert f"page.txt: {entry['bytes']:,} bytes, sha256 {entry['sha256']}, downl" in first.stdout
    assert "was there" in again.stdout
    assert f"{path}:1: {url}: has the sha256" in changed.stderr
    assert f"by {lock}" in changed.stderr
    assert 1 == len(changed.stderr.splitlines())


def test_a_lock_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the disk is full, nothing of a lock file stays beside the recipe."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))
    (tmp_path / "recipes").mkdir()
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        Lock(tmp_path / "recipes" / "my.lock").record(
            Fetched("https://example.org/a", PAGE, SHA256, 1, False)
        )

    assert [] == list((tmp_path / "recipes").iterdir())


def test_the_checksum_of_the_recipe_goes_before_that_of_the_lock(
    server: Served, tmp_path: Path
) -> None:
    """A checksum in the recipe is what holds; then nothing is recorded."""
    text = f'[[input]]\nurl = "{server.url("/whole.csv")}"\nsha256 = "{SHA256}"\n'
    path = written(tmp_path, text)
    result = kg("fetch", "--recipe", path)

    assert 2 == result.returncode
    assert f"should have {SHA256}; nothing of it is used" in result.stderr
    assert not lock_file(path).exists()


@pytest.mark.parametrize(
    "text",
    [
        "file = 1",
        "[[file]]\nurl = 'a'\n",
        "no TOML",
        '[[file]]\nurl = "a"\nsha256 = "b"\nbytes = 1\n',
    ],
)
def test_what_is_no_lock_file(text: str, tmp_path: Path) -> None:
    """A lock file that somebody has damaged is not ignored."""
    (tmp_path / "my.lock").write_text(text)
    with pytest.raises(InputError, match=r"my\.lock: (is no lock file|holds what is no checksum)"):
        Lock(tmp_path / "my.lock").known()


def test_a_recipe_of_addresses_is_built_and_repeated(server: Served, tmp_path: Path) -> None:
    """What was downloaded is downloaded again for the manifest, unless it is found."""
    first = tmp_path / "first"
    path = written(
        first, f'[[input]]\nurl = "{server.url("/" + ZIP)}"\nreader = "release"\nrelease = "30.2"\n'
    )
    built = kg("build", "--recipe", path, "--graph", tmp_path / "graph")
    shutil.rmtree(tmp_path / "cache")
    shutil.rmtree(first)
    (tmp_path / "empty").mkdir()
    words = ("build", "--recipe", tmp_path / "graph", "--graph")
    again = kg(*words, tmp_path / "again", cwd=tmp_path / "empty")
    (tmp_path / "found").mkdir()
    (kept,) = (tmp_path / "cache").glob("*/30.2")
    shutil.move(kept, tmp_path / "found")
    found = kg(*words, tmp_path / "third", cwd=tmp_path / "found")

    assert (0, 0, 0) == (built.returncode, again.returncode, found.returncode)
    assert 2 == server.asked[f"/{ZIP}"]
    made = [manifest(current(tmp_path / name)) for name in ("graph", "again", "third")]
    assert {made[0]} == set(made)
    assert f"30.2/{ZIP}" == json.loads(made[0])["fetched"][0]["file"]
    assert str(tmp_path).encode() not in made[0]


def test_a_release_of_a_source_is_fetched(server: Served, tmp_path: Path) -> None:
    """A release is downloaded by the template of the catalogue, checked, and recorded."""
    template = server.url("/db_{version_}_text.zip")
    text = f'[[source]]\nkey = "onet"\ntitle = "O"\ndownload = ["{template}"]\n'
    sources = written(tmp_path, text, "sources.toml")
    words = ("fetch", "onet", "30.2", "-o", "here", "--sources", sources)
    first = kg(*words, cwd=tmp_path)
    again = kg(*words, cwd=tmp_path)
    other = kg("fetch", "onet", "29.0", "--sources", sources, cwd=tmp_path)

    assert (0, 0, 2) == (first.returncode, again.returncode, other.returncode)
    assert first.stdout.startswith(f"here/{ZIP}: ")
    assert "recorded in here/fetch.lock" in first.stderr
    assert server.files[f"/{ZIP}"] == (tmp_path / "here" / ZIP).read_bytes()
    assert "status 404" in other.stderr
    assert 1 == server.asked[f"/{ZIP}"]


def test_files_of_a_release_lie_in_its_folder(server: Served, tmp_path: Path) -> None:
    """Where a release has several files, the folder that they are put in has its name."""
    templates = [server.url("/whole.csv"), server.url("/changes.csv?{version}")]
    text = f'[[source]]\nkey = "aei"\ntitle = "A"\ndownload = {templates}\n'
    result = kg(
        *("fetch", "aei", "release_1", "-o", "here", "--quiet"),
        *("--sources", written(tmp_path, text, "sources.toml")),
        cwd=tmp_path,
    )

    assert 0 == result.returncode, result.stderr
    assert ["fetch.lock", "release_1"] == sorted(p.name for p in (tmp_path / "here").iterdir())
    assert 2 == len(list((tmp_path / "here" / "release_1").iterdir()))


@pytest.mark.parametrize("keys", [KEYS, INPUT_KEYS])
def test_every_key_is_documented(keys: dict[str, type]) -> None:
    """docs/recipes.md explains every key that a recipe may have."""
    text = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    rows = "\n".join(line for line in text.splitlines() if line.startswith("| "))

    assert [] == [key for key in keys if f"`{key}`" not in rows and f"`[[{key}]]`" not in rows]


def test_where_releases_are(tmp_path: Path) -> None:
    """The addresses of the shipped catalogue have the release in them."""
    assert ("https://www.onetcenter.org/dl_files/database/db_30_2_text.zip",) == addresses("onet")
    assert all("/release_2025_02_10/" in url for url in addresses("aei", "release_2025_02_10"))
    with pytest.raises(RequestError, match="no release is known"):
        addresses(
            "x",
            None,
            written(
                tmp_path, '[[source]]\nkey="x"\ntitle="X"\ndownload=["https://a.org/{version}"]'
            ),
        )


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("onet", "--recipe", "my.toml"),
        ("--recipe", "my.toml", "-o", "here"),
        ("--recipe", "manifest.json"),
        ("onet", "30/2"),
    ],
)
def test_wrong_requests_to_fetch(words: tuple[str, ...], tmp_path: Path) -> None:
    """What cannot be fetched is one line, and makes no file."""
    written(tmp_path, f'[[input]]\npath = "{PAGE}"\n')
    parts = [{"graph": "a", "sha256": SHA256}]
    text = json.dumps({"base": "https://a.org/", "inputs": [], "parts": parts})
    written(tmp_path, text, "manifest.json")
    result = kg("fetch", *words, cwd=tmp_path)

    assert (2, 1) == (result.returncode, len(result.stderr.splitlines()))
    assert 2 == len(list(tmp_path.iterdir()))
