"""A way down without a climb: see task.md."""

from theoria import serve


class Solution:
    def begin(self, instance):
        """A network, its samples and the start: say what the corners of the path are."""
        activation = instance["activation"]  # "relu" or "tanh"
        inputs, targets = instance["inputs"], instance["targets"]
        inner, outer = instance["inner"], instance["outer"]
        # Your turn: this path stays where it is.
        path = [corner(inner, outer)]
        return {"path": path}


def corner(inner, outer):
    """All parameters in one list."""
    return [number for row in inner for number in row] + list(outer)


if __name__ == "__main__":
    serve(Solution())
