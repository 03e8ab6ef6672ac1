"""Sign descent with majority vote: see task.md."""

from theoria import serve


class Solution:
    def begin(self, instance):
        """A new instance: forget the last one, and say where the workers are asked first."""
        self.point = instance["start"]
        # h is instance["step"], M is instance["workers"].
        return {"point": self.point}

    def tell(self, told):
        """The gradients of all workers at the point that you answered last: say where you go."""
        gradients = told["gradients"]
        # Your turn: count the votes, move self.point.
        return {"point": self.point}


if __name__ == "__main__":
    serve(Solution())
