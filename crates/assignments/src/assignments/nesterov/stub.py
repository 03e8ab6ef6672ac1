"""Nesterov's acceleration: see task.md."""

from theoria import serve


class Solution:
    def begin(self, instance):
        """A new instance: forget the last one, and say where you want the first gradient."""
        self.iterate = instance["start"]
        self.point = instance["start"]
        # L is instance["smoothness"].
        return {"point": self.point}

    def tell(self, told):
        """The gradient at the point that you answered last: your iterate, and where you want the next gradient."""
        gradient = told["gradient"]
        # Your turn: x_{k+1} into self.iterate, y_{k+1} into self.point.
        return {"iterate": self.iterate, "point": self.point}


if __name__ == "__main__":
    serve(Solution())
