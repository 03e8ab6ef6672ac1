"""AdaGrad-norm: see task.md."""

from theoria import serve


class Solution:
    def begin(self, instance):
        """A new instance: forget the last one, and say where you want the first gradient."""
        self.point = instance["start"]
        # η is instance["numerator"], b_0 is instance["initial"].
        return {"point": self.point}

    def tell(self, told):
        """The gradient at the point that you answered last: say where you go."""
        gradient = told["gradient"]
        # Your turn: b first, then self.point.
        return {"point": self.point}


if __name__ == "__main__":
    serve(Solution())
