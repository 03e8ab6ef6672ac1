"""Linear convergence without convexity: see task.md."""

from theoria import serve


class Solution:
    def begin(self, instance):
        """A new instance: forget the last one; say where you want the first gradient, and how many steps it takes."""
        self.point = instance["start"]
        # L is instance["smoothness"], mu is instance["lojasiewicz"], epsilon is instance["accuracy"].
        # Your turn: the smallest N.
        steps = 0
        return {"point": self.point, "steps": steps}

    def tell(self, told):
        """The gradient at the point that you answered last: say where you go."""
        gradient = told["gradient"]
        # Your turn: move self.point.
        return {"point": self.point}


if __name__ == "__main__":
    serve(Solution())
