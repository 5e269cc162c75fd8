"""Generated text is kept once, found again only whole and only if it is one's own, and never needed."""

import os

import pytest

from derive.code import cache


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv(cache.OFF, raising=False)
    return tmp_path / "derive"


class Maker:
    """Gives a text and counts how many times it was asked for."""

    def __init__(self, text="x = 1\n"):
        self.text, self.made = text, 0

    def __call__(self):
        self.made += 1
        return self.text


def test_a_text_is_made_once(own_cache):
    make = Maker("first\nsecond\n")
    assert [cache.kept(["a"], make) for _ in range(3)] == ["first\nsecond\n"] * 3 and make.made == 1
    assert len(os.listdir(own_cache)) == 1 and own_cache.stat().st_mode & 0o077 == 0


def test_another_key_is_another_text():
    assert cache.kept(["a", "b"], Maker("1")) == "1"
    for parts in (["ab"], ["a", "b", ""], ["a", "c"], ["b", "a"]):
        assert cache.kept(parts, Maker("2")) == "2"


def test_the_key_depends_on_the_program(monkeypatch):
    before = cache.key(["a"])
    monkeypatch.setattr(cache, "_program", lambda: "another program")
    assert cache.key(["a"]) != before


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: data.replace(b"1", b"2"), lambda data: b"", lambda data: b"\xff" + data]
)
def test_a_text_that_was_changed_is_made_anew(own_cache, damage):
    make = Maker()
    cache.kept(["a"], make)
    (path,) = own_cache.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert cache.kept(["a"], make) == make.text and make.made == 2
    assert cache.kept(["a"], make) == make.text and make.made == 2


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="needs the owner of a file")
def test_what_others_can_write_is_not_read(own_cache):
    make = Maker()
    cache.kept(["a"], make)
    (path,) = own_cache.iterdir()
    path.chmod(0o666)
    assert cache.kept(["a"], make) == make.text and make.made == 2
    own_cache.chmod(0o777)
    cache.kept(["a"], make)
    assert make.made == 3


def test_a_cache_that_cannot_be_written_is_not_needed(own_cache, monkeypatch):
    make = Maker()

    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.os, "replace", full)
    assert cache.kept(["a"], make) == make.text and cache.kept(["a"], make) == make.text and make.made == 2
    assert os.listdir(own_cache) == []
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    assert cache.kept(["a"], make) == make.text


def test_a_cache_that_can_only_be_read_is_read(own_cache, monkeypatch):
    make = Maker()
    cache.kept(["a"], make)
    monkeypatch.setattr(cache, "_write", lambda path, text: pytest.fail("it was written"))
    assert cache.kept(["a"], make) == make.text and make.made == 1


def test_nothing_is_kept_if_it_is_not_wanted(own_cache, monkeypatch):
    make = Maker()
    with cache.without():
        cache.kept(["a"], make)
        cache.kept(["a"], make)
    assert make.made == 2 and not own_cache.exists() and not cache.off()
    monkeypatch.setenv(cache.OFF, "1")
    cache.kept(["a"], make)
    assert make.made == 3 and not own_cache.exists()
    with cache.without():
        pass
    assert cache.off()


def test_a_relative_cache_folder_is_not_used(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "somewhere")
    assert cache.folder().is_absolute()
