"""Downloads: from a server on this machine that breaks off, leads astray, lies and changes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from downloads import CONTENT, Served, served

from kg import fetch as downloads
from kg.errors import InputError, OutputError, RequestError
from kg.fetch import Fetched, check_address, copy_to, fetch, name_of

DIGEST = sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    """Return a running server."""
    with served() as server:
        yield server


@pytest.fixture
def server(running: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """Return the server, which was not asked anything yet and need not be waited for."""
    monkeypatch.setattr(downloads, "_PAUSE", 0.0)
    running.asked.clear()
    return running


def left(cache: Path) -> list[str]:
    """Return what lies in a cache, but for its locks."""
    names = [p.relative_to(cache).as_posix() for p in cache.rglob("*") if p.is_file()]
    return sorted(name for name in names if not name.startswith("locks/"))


def test_a_file_is_downloaded_once(server: Served, tmp_path: Path) -> None:
    """What has a known checksum comes from the cache the second time."""
    url = server.url("/whole.csv")
    first, second = (fetch(url, DIGEST, cache=tmp_path) for _ in range(2))

    assert Fetched(url, tmp_path / DIGEST / "whole.csv", DIGEST, len(CONTENT), False) == first
    assert second.was_cached
    assert CONTENT == first.path.read_bytes()
    assert 1 == server.asked["/whole.csv"]


def test_without_a_checksum_nothing_is_believed(server: Served, tmp_path: Path) -> None:
    """A file that changes between two calls is two files, each below its own checksum."""
    first, second = (fetch(server.url("/changes.csv"), cache=tmp_path) for _ in range(2))

    assert first.sha256 != second.sha256
    assert 2 == len(left(tmp_path))


def test_another_content_than_expected_is_refused(server: Served, tmp_path: Path) -> None:
    """A file that has changed at its address is an error that names both checksums."""
    first = fetch(server.url("/changes.csv"), cache=tmp_path / "one")
    with pytest.raises(InputError, match=f"has the sha256 .*should have {first.sha256}"):
        fetch(server.url("/changes.csv"), first.sha256, cache=tmp_path / "other")

    assert [] == left(tmp_path / "other")


def test_a_damaged_file_in_the_cache_is_downloaded_again(server: Served, tmp_path: Path) -> None:
    """What lies in the cache is used only if it still is what its checksum says."""
    first = fetch(server.url("/whole.csv"), DIGEST, cache=tmp_path)
    first.path.write_bytes(b"something else")
    again = fetch(server.url("/whole.csv"), DIGEST, cache=tmp_path)

    assert not again.was_cached
    assert CONTENT == again.path.read_bytes()


@pytest.mark.parametrize("path", ["/breaks-once.csv", "/busy-once.csv"])
def test_a_broken_download_is_started_again(path: str, server: Served, tmp_path: Path) -> None:
    """A connection that breaks off, and a server that is busy, are tried once more."""
    assert DIGEST == fetch(server.url(path), cache=tmp_path).sha256
    assert 2 == server.asked[path]


def test_an_address_may_lead_to_another_host(server: Served, tmp_path: Path) -> None:
    """Archives are often served by another host than the one that is asked."""
    got = fetch(server.url("/elsewhere.csv"), DIGEST, cache=tmp_path)

    assert "elsewhere.csv" == got.path.name
    assert f"localhost:{server.port}" == server.headers["Host"]


@pytest.mark.parametrize(
    ("path", "said", "asked"),
    [
        ("/breaks.csv", "in 4 tries: the connection breaks off", 4),
        ("/no-such.csv", "status 404", 1),
        ("/to-file.csv", "leads on to file:///etc/hostname: only https is spoken", 1),
        ("/to-plain.csv", "leads on to http://example.org/whole.csv: only https", 1),
        ("/to-password.csv", "user name in it", 1),
        ("/round.csv", "leads on more than 5 times", 6),
        ("/to-nothing.csv", "no address", 1),
        ("/to-bytes.csv", "leads on to", 1),
        ("/to-long-host.csv", "is no address", 1),
        ("/says-much.csv", "has 1,000,000,000,000,000 bytes or more; the limit is", 1),
        ("/says-less.csv", "should have", 1),
        ("/endless.csv", "the limit is 1,000,000", 1),
        ("/packed.csv", "sent packed", 1),
        ("/bomb.zip", "expands to 104,857,600 bytes", 1),
        ("/no-archive.zip", "is a web page (HTML)", 1),
    ],
)
def test_what_cannot_be_trusted_is_refused(
    path: str, said: str, asked: int, server: Served, tmp_path: Path
) -> None:
    """A server that lies or leads astray gets one line with its address, and leaves nothing."""
    expected = DIGEST if path == "/says-less.csv" else None
    with pytest.raises(InputError) as caught:
        fetch(server.url(path), expected, limit=1_000_000, cache=tmp_path)

    assert said in str(caught.value)
    assert str(caught.value).startswith(server.url(path))
    assert "secret" not in str(caught.value)
    assert 1 == len(str(caught.value).splitlines())
    assert asked == server.asked[path]
    assert [] == left(tmp_path)


def test_what_comes_too_slowly_is_given_up(
    server: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that sends a byte now and then cannot have others wait for ever."""
    monkeypatch.setattr(downloads, "_PATIENCE", 0.05)
    with pytest.raises(InputError, match=r"in 4 tries: it comes too slowly: \d+ bytes so far"):
        fetch(server.url("/drips.csv"), cache=tmp_path)


def test_what_a_killed_download_left_is_deleted(server: Served, tmp_path: Path) -> None:
    """The next download of an address deletes what a process that was killed left of it."""
    url = server.url("/drips.csv")
    code = f"from pathlib import Path; from kg.fetch import fetch; fetch({url!r}, cache=Path('.'))"
    killed = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path)
    while not any(tmp_path.glob("incoming-*/*")) and killed.poll() is None:
        time.sleep(0.02)
    killed.kill()
    killed.wait()
    assert 1 == len(list(tmp_path.glob("incoming-*/*")))
    server.files["/drips.csv"] = CONTENT
    try:
        fetched = fetch(url, cache=tmp_path)
    finally:
        del server.files["/drips.csv"]

    assert [fetched.path.relative_to(tmp_path).as_posix()] == left(tmp_path)
    assert [] == list(tmp_path.glob("incoming-*"))


def test_where_nobody_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is not there is one line."""
    monkeypatch.setattr(downloads, "_PAUSE", 0.0)
    with served() as server:
        url = server.url("/whole.csv")
    with pytest.raises(InputError, match="in 4 tries: there is no connection"):
        fetch(url, cache=tmp_path)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/a.csv",
        "http://127.0.0.1.example.org/a.csv",
        "file:///etc/hostname",
        "ftp://example.org/a.csv",
        "https:///a.csv",
        "https://example.org\\@127.0.0.1/a.csv",
        "https://me:secret@example.org/a.csv",
        "https://[::1/a.csv",
        f"https://{'a' * 70}.example.org/a.csv",
        "https://example.org:port/a.csv",
        "a.csv",
        "",
    ],
)
def test_addresses_that_are_not_asked(url: str, tmp_path: Path) -> None:
    """Only https is spoken, and http with this machine itself; a password is not repeated."""
    with pytest.raises(RequestError) as caught:
        fetch(url, name="a.csv", cache=tmp_path)

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"])
def test_plain_http_with_this_machine(host: str) -> None:
    """The names and numbers of this machine itself may be asked without a certificate."""
    assert f"http://{host}:80/a" == check_address(f"http://{host}:80/a")


def test_an_address_elsewhere_does_not_lead_here() -> None:
    """A server elsewhere cannot have this machine ask itself."""
    with pytest.raises(InputError, match="leads on to this machine itself"):
        downloads._led_to(
            "https://example.org/a", "http://localhost:8080/b", "https://example.org/a"
        )


@pytest.mark.parametrize(
    "url", ["https://example.org/", "https://example.org/a/%2e%2e", "/a%2fb%5c"]
)
def test_addresses_without_a_file_name(url: str) -> None:
    """What is at the end of an address has to be able to name a file."""
    with pytest.raises(RequestError, match="cannot name a file"):
        name_of(url)


def test_no_password_is_sent(
    server: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password that lies in ~/.netrc for the host stays there."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    fetch(server.url("/whole.csv"), cache=tmp_path / "cache")

    assert "Authorization" not in server.headers
    assert "identity" == server.headers["Accept-Encoding"]


def test_progress_is_told(server: Served, tmp_path: Path) -> None:
    """How far a download is, is told in bytes; it is over once."""
    told: list[tuple[str, int, int | None, str]] = []
    fetch(
        server.url("/whole.csv"),
        cache=tmp_path,
        progress=lambda stage, done, total, unit: told.append((stage, done, total, unit)),
    )

    assert ("whole.csv", len(CONTENT), len(CONTENT), "bytes") == told[-1]
    assert {len(CONTENT)} == {total for _, _, total, _ in told}
    assert sorted(set(told)) == told


def test_two_processes_download_once(server: Served, tmp_path: Path) -> None:
    """Of two processes that want a file at once, the second waits for the first."""
    code = (
        "import sys; from pathlib import Path; from kg.fetch import fetch;"
        "print(fetch(sys.argv[1], sys.argv[2], cache=Path(sys.argv[3])).was_cached)"
    )
    words = [sys.executable, "-c", code, server.url("/slow.csv"), DIGEST, str(tmp_path)]
    running = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]

    assert ["False", "True"] == sorted(process.communicate()[0].strip() for process in running)
    assert 1 == server.asked["/slow.csv"]


def test_a_cache_that_cannot_be_written(server: Served, tmp_path: Path) -> None:
    """A file in the place of the cache is one line."""
    (tmp_path / "cache").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        fetch(server.url("/whole.csv"), cache=tmp_path / "cache")


def test_copies_overwrite_nothing(server: Served, tmp_path: Path) -> None:
    """A file is copied out of the cache unless another one of its name lies there."""
    got = fetch(server.url("/whole.csv"), cache=tmp_path / "cache")
    target = copy_to(got, tmp_path / "here")

    assert target == copy_to(got, tmp_path / "here")
    assert [target] == list((tmp_path / "here").iterdir())
    target.write_bytes(b"my own")
    with pytest.raises(OutputError, match="another file of that name"):
        copy_to(got, tmp_path / "here")
    assert b"my own" == target.read_bytes()


def test_the_folder_names_the_release(server: Served, tmp_path: Path) -> None:
    """What has a release lies in a folder of its name, and in no other place than the cache."""
    got = fetch(server.url("/whole.csv"), DIGEST, release="release_1", cache=tmp_path)

    assert tmp_path / DIGEST / "release_1" / "whole.csv" == got.path
    with pytest.raises(RequestError, match="cannot name a file"):
        fetch(server.url("/whole.csv"), release="../1", cache=tmp_path)
