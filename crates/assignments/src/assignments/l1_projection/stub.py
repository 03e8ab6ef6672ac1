"""Projection onto the l1 ball: see task.md."""

from theoria import serve


class Solution:
    def begin(self, instance):
        """A point and a radius: say where the point is projected to."""
        vector, radius = instance["vector"], instance["radius"]
        # Your turn: this is a point of the ball, but hardly the nearest one.
        projection = [0.0 for _ in vector]
        return {"projection": projection}


if __name__ == "__main__":
    serve(Solution())
