"""Newton's method against its start: see task.md."""

from theoria import serve


class Solution:
    def begin(self, instance):
        """A new instance: forget the last one, and say where you want to know the function first."""
        self.iterate = instance["start"]
        # c is instance["decrease"], b is instance["shrink"].
        return {"point": self.iterate}

    def tell(self, told):
        """The function at the point that you answered last: say what your iterate is, and your next candidate."""
        value, slope, curvature = told["value"], told["slope"], told["curvature"]
        # Your turn: is the candidate accepted? Move self.iterate if so, and say which candidate comes next.
        return {"iterate": self.iterate, "point": self.iterate}


if __name__ == "__main__":
    serve(Solution())
