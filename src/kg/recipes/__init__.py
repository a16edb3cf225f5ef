"""Recipes: what a build is made from, written down in TOML, or by an earlier build in a manifest.

A recipe in TOML says where its inputs are. A manifest says only what they were, by name and
checksum, so that it is the same wherever it was built; its inputs are looked for.
"""

from kg.recipes.gather import Gathered, fetch_inputs, gather
from kg.recipes.locks import Lock, lock_file
from kg.recipes.model import Recipe, RecipeInput, Stated, addresses, load_recipe

__all__ = [
    "Gathered",
    "Lock",
    "Recipe",
    "RecipeInput",
    "Stated",
    "addresses",
    "fetch_inputs",
    "gather",
    "load_recipe",
    "lock_file",
]
