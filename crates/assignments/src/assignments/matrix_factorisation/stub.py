"""Descent on a matrix factorisation: see task.md."""

from theoria import serve


class Solution:
    def begin(self, instance):
        """A matrix with two factors, and a question."""
        left, right = instance["left"], instance["right"]
        # A is instance["matrix"]; instance.get("weights") is None where all are 1.
        if instance["question"] == "curvature":
            # Your turn: D_U is instance["left_direction"], D_V is instance["right_direction"].
            return {"curvature": 100.0}
        # Your turn: instance["steps"] steps of the size instance["step"].
        return {"left": left, "right": right}


if __name__ == "__main__":
    serve(Solution())
