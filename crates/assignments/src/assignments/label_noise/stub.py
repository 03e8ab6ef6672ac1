"""Label noise finds flat minima: see task.md."""

from theoria import serve


class Solution:
    def begin(self, instance):
        """A new instance: forget the last one, and say where the first batch is looked at."""
        self.point = instance["start"]
        # Eta is instance["step"], sigma is instance["deviation"].
        return {"point": self.point}

    def tell(self, told):
        """A batch at the point that you answered last: say where you go, and the trace."""
        outputs, targets, noise = told["outputs"], told["targets"], told["noise"]
        jacobian = told["jacobian"]  # jacobian[i] is the gradient of output i.
        # Your turn: move self.point; the trace.
        return {"point": self.point, "trace": 0.0}


if __name__ == "__main__":
    serve(Solution())
