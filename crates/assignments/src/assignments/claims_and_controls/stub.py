"""Claims and controls: see task.md."""

from theoria import serve


class Solution:
    def begin(self, instance):
        """What is known of a run: say how large its readings are at most, for each number of steps."""
        L, h, mu = instance["smoothness"], instance["step"], instance.get("strong_convexity")
        # At the start: instance["gap"], instance["distance"], instance["gradient"].
        # Your turn: no run is over at once, so 0 bounds none of them.
        claims = {
            "gap": [0.0 for N in instance["steps"]],
            "distance": [0.0 for N in instance["steps"]],
            "gradient": [0.0 for N in instance["steps"]],
        }
        controls = {f"control_{name}": bounds for name, bounds in claims.items()}
        return {**claims, **controls}


if __name__ == "__main__":
    serve(Solution())
