"""No folder is crowded, no file is long: a folder is one list, a file one idea."""

from pathlib import Path

from tests.sources import PACKAGE, ROOT, sources

MOST_FILES = 20
MOST_LINES = 400


def crowded(paths):
    """Folders with more than :data:`MOST_FILES` files, and beginnings of names that three files share."""
    inside = {}
    for path in paths:
        if path.name != "__init__.py":
            inside.setdefault(path.parent, []).append(path.stem)
    found = [str(folder) for folder, names in inside.items() if len(names) > MOST_FILES]
    for folder, names in inside.items():
        heads = [name.split("_")[0] for name in names if "_" in name.strip("_")]
        found += [f"{folder}/{head}_*" for head in sorted(set(heads)) if heads.count(head) > 2]
    return found


def long(texts):
    """The names of the files that have more than :data:`MOST_LINES` lines."""
    return {name for name, text in texts.items() if len(text.splitlines()) > MOST_LINES}


def test_no_folder_is_crowded():
    assert crowded([path.relative_to(PACKAGE) for path in sources()]) == []


def test_a_crowded_folder_and_a_family_of_prefixes_are_found():
    many = [Path(f"room/file{number}.py") for number in range(21)]
    assert crowded(many) == ["room"] and crowded(many[:20]) == []
    assert crowded([Path(f"room/c_{name}.py") for name in "abc"]) == ["room/c_*"]
    assert crowded([Path(f"room/c_{name}.py") for name in "ab"]) == []


def test_no_file_is_long():
    texts = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for folder in ("derive", "tests")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert long(texts) == set()


def test_a_long_file_is_found():
    assert long({"a": "x = 1\n" * 401, "b": "x = 1\n" * 400, "c": ""}) == {"a"}
