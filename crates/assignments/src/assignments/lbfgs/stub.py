"""L-BFGS by its two loops: see task.md."""

from theoria import serve


class Solution:
    def begin(self, instance):
        """A new instance: forget the last one, and say where to go from the first point."""
        self.point, self.gradient = instance["point"], instance["gradient"]
        # m is instance["memory"], ε is instance["tolerance"].
        # Your turn: there is no pair yet. This goes nowhere.
        return {"direction": [0.0 for _ in self.gradient]}

    def tell(self, told):
        """Where the run has got to, and the gradient there: say where to go next."""
        point, gradient = told["point"], told["gradient"]
        # Your turn: keep the pair, or skip it, and turn the gradient in two loops.
        self.point, self.gradient = point, gradient
        return {"direction": [0.0 for _ in gradient]}


if __name__ == "__main__":
    serve(Solution())
