"""LASSO by proximal gradient descent: see task.md."""

from theoria import serve


class Solution:
    def begin(self, instance):
        """A new instance: forget the last one, and say where you want the first gradient."""
        self.point = instance["start"]
        # L is instance["smoothness"], w is instance["weight"].
        return {"point": self.point}

    def tell(self, told):
        """The gradient of the smooth part at the point that you answered last: say where you go."""
        gradient = told["gradient"]
        # Your turn: move self.point.
        return {"point": self.point}


if __name__ == "__main__":
    serve(Solution())
