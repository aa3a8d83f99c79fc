"""The coach's own plans: TOML files in the folder `plans` of a library."""

from __future__ import annotations

from pathlib import Path

from retrorig.plans.reader import read_plan_text, ready_made
from retrorig.writing import make_folder, replacing

FOLDER = "plans"


def own_plans(library_folder: Path) -> dict[str, Path]:
    """The plans kept beside a library, by id."""
    return {path.stem: path for path in sorted((library_folder / FOLDER).glob("*.toml"))}


def keep_plan(library_folder: Path, text: str) -> Path:
    """Keep a plan under its id, in place of an older one of that id; InputError for one that can't be used."""
    plan_id = read_plan_text(text)["id"]
    folder = library_folder / FOLDER
    make_folder(folder)
    path = folder / f"{plan_id}.toml"
    with replacing(path) as file:
        file.write(text.encode("utf-8"))
    return path


def every_plan(library_folder: Path) -> dict[str, Path]:
    """The ready-made plans and the coach's own, by id; one's own comes before a ready-made one of its id."""
    return {**ready_made(), **own_plans(library_folder)}
