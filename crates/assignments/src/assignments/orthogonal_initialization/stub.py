"""Orthogonal weights: see task.md."""

from theoria import serve


class Solution:
    def begin(self, instance):
        """A dimension, a depth, a gain and normal numbers: say what the weights are."""
        n, gain = int(instance["dimension"]), instance["gain"]
        weights = []
        for normals in instance["normals"]:
            # Row i of G is normals[i * n : (i + 1) * n].
            # Your turn: these weights are G itself, which is not orthogonal.
            weights.append([gain * normal for normal in normals])
        return {"weights": weights}


if __name__ == "__main__":
    serve(Solution())
