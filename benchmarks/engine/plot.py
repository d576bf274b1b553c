"""Draw what `run.py --json` measured: for each workload, how many times longer than fluxrepl each peer takes.

python -m benchmarks.engine.plot results.json engine.svg
"""

import json
import sys


def main() -> int:
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot as plt

    source, target = sys.argv[1:3]
    with open(source) as file:
        measured = json.load(file)
    results = measured["results"]
    peers = [e for e in next(iter(results.values()))["median"] if e not in ("floor", "fluxrepl")]
    figure, axes = plt.subplots(figsize=(10, 4.5), layout="constrained")
    width = 0.8 / max(len(peers), 1)
    for k, peer in enumerate(peers):
        places, heights = [], []
        for place, entry in enumerate(results.values()):
            if peer in entry["median"]:
                places.append(place + (k - (len(peers) - 1) / 2) * width)
                heights.append(entry["median"][peer] / entry["median"]["fluxrepl"])
        axes.bar(places, heights, width, label=peer)
    axes.axhline(1, color="black", linewidth=0.8)
    axes.set(
        yscale="log", ylabel="time ÷ fluxrepl's", title=f"Gradients on one core, {measured['date']} (higher: slower)"
    )
    axes.set_xticks(range(len(results)), list(results))
    axes.legend(frameon=False, ncols=len(peers))
    figure.savefig(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
