"""Step sizes of stochastic gradient descent: see task.md."""

from theoria import serve


class Solution:
    def begin(self, instance):
        """A new instance: forget the last one, and say where you want the first gradient."""
        self.point = instance["start"]
        # L is instance["smoothness"], μ is instance["strong_convexity"], σ² is instance["variance"].
        # instance["schedule"] is "constant", and then there is instance["goal"], or "decreasing".
        return {"point": self.point}

    def tell(self, told):
        """A noisy gradient at the point that you answered last: say where you go."""
        gradient = told["gradient"]
        # Your turn: the step size, then self.point.
        return {"point": self.point}


if __name__ == "__main__":
    serve(Solution())
