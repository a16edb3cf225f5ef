"""What the weighting and the threshold of the TF-IDF linker rest on: pairs that O*NET publishes.

    python benchmarks/linking_pairs.py db_30_2_text.zip

`Tasks to DWAs` says which tasks of an occupation do a detailed work activity (DWA). Its title takes
the place of a statement; the tasks of the occupation are ranked, and the ones listed are right. No
framework page is looked at. For several weights of words against character sequences it prints P@1
and average precision over all pairs, then, for the weights the linker has, precision, recall and F1
by threshold.
"""

from __future__ import annotations

import argparse
import io
import zipfile
from pathlib import Path

import numpy as np
import polars as pl
from measure import versions
from sklearn.metrics import average_precision_score

from kg.linking import _content_of, _Tfidf, tfidf_linker

WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)


def read(path: Path, name: str) -> pl.DataFrame:
    """Return a table of a zipped release in the text layout."""
    with zipfile.ZipFile(path) as archive:
        (member,) = (n for n in archive.namelist() if n.endswith(f"/{name}.txt"))
        data = archive.read(member).replace(b"\r\n", b"\n")
    return pl.read_csv(io.BytesIO(data), separator="\t", quote_char=None, infer_schema=False)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("release", type=Path, metavar="RELEASE.zip")
    path = parser.parse_args().release
    code = "O*NET-SOC Code"
    tasks: dict[str, list[tuple[str, str]]] = {}
    for occupation, task_id, text in (
        read(path, "Task Statements").select(code, "Task ID", "Task").iter_rows()
    ):
        tasks.setdefault(occupation, []).append((task_id, text))
    titles = dict(read(path, "DWA Reference").select("DWA ID", "DWA Title").iter_rows())
    right: dict[str, dict[str, set[str]]] = {}
    for occupation, task_id, activity in (
        read(path, "Tasks to DWAs").select(code, "Task ID", "DWA ID").iter_rows()
    ):
        right.setdefault(occupation, {}).setdefault(titles[activity], set()).add(task_id)

    linker = tfidf_linker(text for of in tasks.values() for _, text in of)
    assert isinstance(linker, _Tfidf)
    found: list[list[np.ndarray]] = [[] for _ in linker.vectorizers]
    truth: list[np.ndarray] = []
    for occupation, activities in sorted(right.items()):
        ids, texts = zip(*tasks[occupation], strict=True)
        left, across = _content_of(sorted(activities)), _content_of(texts)
        for scores, vectorizer in zip(found, linker.vectorizers, strict=True):
            scores.append((vectorizer.transform(left) @ vectorizer.transform(across).T).toarray())
        truth.append(np.array([[i in activities[a] for i in ids] for a in sorted(activities)]))

    print(versions("skills-kg", "scikit-learn"))
    number = sum(len(activities) for activities in right.values())
    flat = np.concatenate([block.ravel() for block in truth])
    print(f"{number:,} activities of {len(right):,} occupations, {len(flat):,} pairs\n")

    print("weight of words    P@1     AP")
    for weight in WEIGHTS:
        mixed = [weight * w + (1 - weight) * c for w, c in zip(*found, strict=True)]
        hits = sum(
            int(t[np.arange(len(m)), m.argmax(1)].sum()) for m, t in zip(mixed, truth, strict=True)
        )
        scores = np.concatenate([m.ravel() for m in mixed])
        precision = average_precision_score(flat, scores)
        print(f"{weight:15.2f} {hits / number:6.3f} {precision:6.3f}")

    scores = np.concatenate([(w + c).ravel() / 2 for w, c in zip(*found, strict=True)])
    print("\nthreshold  pairs  precision  recall     F1")
    for threshold in (0.1, 0.15, 0.175, 0.2, 0.225, 0.25, 0.3, 0.35, 0.4):
        chosen = scores >= threshold
        hits = int(flat[chosen].sum())
        precision, recall = hits / chosen.sum(), hits / flat.sum()
        f1 = 2 * precision * recall / (precision + recall)
        print(f"{threshold:9.3f} {chosen.sum():6} {precision:10.3f} {recall:7.3f} {f1:6.3f}")


if __name__ == "__main__":
    main()
