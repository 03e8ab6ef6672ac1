"""Weights that keep signals alive: see task.md."""

from theoria import serve


class Solution:
    def begin(self, instance):
        """Widths, a slope, and normal numbers: say what the weights are."""
        widths, slope = instance["widths"], instance["slope"]
        weights = []
        for layer, normals in enumerate(instance["normals"], start=1):
            # This layer has widths[layer - 1] inputs and widths[layer] neurons; the last one is layer len(widths) - 1.
            # Your turn: these weights are far too large.
            weights.append([normal for normal in normals])
        return {"weights": weights}


if __name__ == "__main__":
    serve(Solution())
