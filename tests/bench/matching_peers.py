"""recordlinkage and splink on one register and list, in a process of their own: they need another pandas.

``python matching_peers.py PEER FILE`` reads {"people": [...], "rows": [...]} (id, name, number, birth, village) and
prints {"seconds": s, "pairs": [[row, person], ...]}: the best person of every row whom the peer would link.
"""

import json
import logging
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import pandas

Pairs = list[list[str]]


def recordlinkage_pairs(people: pandas.DataFrame, rows: pandas.DataFrame) -> Pairs:
    """Blocks on number, name and village, birth; a weighted sum of comparisons; the best above a threshold."""
    import recordlinkage

    indexer = recordlinkage.Index()
    indexer.block("number")
    indexer.block(["name", "village"])
    indexer.block("birth")
    pairs = indexer.index(rows, people)
    compare = recordlinkage.Compare()
    compare.string("number", "number", method="damerau_levenshtein", label="number", missing_value=0)
    compare.string("name", "name", method="jarowinkler", label="name")
    compare.exact("birth", "birth", label="birth")
    compare.exact("village", "village", label="village")
    features = compare.compute(pairs, rows, people)
    weights = {"number": 4.0, "name": 3.0, "birth": 2.0, "village": 1.0}
    score = sum(features[column] * weight for column, weight in weights.items())
    best = score[score >= 7.0].groupby(level=0).idxmax()
    return [[str(row), str(person)] for row, person in best]


def splink_pairs(people: pandas.DataFrame, rows: pandas.DataFrame) -> Pairs:
    """The probabilistic model trained on the data itself; the likeliest person above 0.99."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    rules = [block_on("number"), block_on("name", "village"), block_on("birth")]
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="id",
        comparisons=[
            cl.LevenshteinAtThresholds("number", [1, 2, 4]),
            cl.JaroWinklerAtThresholds("name", [0.9, 0.6]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("birth"),
            cl.ExactMatch("village"),
        ],
        blocking_rules_to_generate_predictions=rules,
    )
    api = DuckDBAPI()
    tables = [
        api.register(frame.reset_index().replace("", None), dataset_display_name=name)
        for frame, name in ((people, "a_people"), (rows, "b_rows"))
    ]
    linker = Linker(tables, settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match([block_on("number")], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("number"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("name", "village"))
    found = linker.inference.predict(threshold_match_probability=0.99).as_pandas_dataframe()
    best = found.sort_values("match_probability").groupby("id_r").tail(1)
    return [[str(row), str(person)] for row, person in zip(best["id_r"], best["id_l"], strict=True)]


def main(peer: str, path: str) -> None:
    """Run one peer over a file."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    data: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
    people, rows = (pandas.DataFrame(data[table]).set_index("id") for table in ("people", "rows"))
    run = {"recordlinkage": recordlinkage_pairs, "splink": splink_pairs}[peer]
    begin = time.perf_counter()
    pairs = run(people, rows)
    print(json.dumps({"seconds": time.perf_counter() - begin, "pairs": pairs}))


if __name__ == "__main__":
    main(*sys.argv[1:])
