"""How a solution talks with the grader: one JSON object a line, protocol version 1.

Nothing has to be installed: this file needs Python 3 and its standard library. What your program prints
goes to standard error, since standard output belongs to the protocol; so `print` is safe.

    from theoria import serve

    class Solution:
        def begin(self, instance):      # a new instance: what is known of it, by name
            return {"point": instance["start"]}

        def tell(self, told):           # what the oracle answered, by name
            return {"point": told["gradient"]}

    serve(Solution())
"""

import json
import math
import sys

PROTOCOL = 1


def serve(solution):
    """Answers the grader until it closes the conversation; one start of the program serves all instances."""
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    for line in sys.stdin.buffer:
        if not line.strip():
            continue
        said = {name: _numbers(value) for name, value in json.loads(line.decode("utf-8")).items()}
        message = said.pop("message")
        if message == "hello":
            answer = {"protocol": PROTOCOL}
        elif message == "begin":
            answer = solution.begin(said)
        elif message == "tell":
            answer = solution.tell(said)
        else:
            raise ValueError(f"the grader sent a message of an unknown kind, {message!r}")
        if not isinstance(answer, dict):
            raise TypeError(f"{message} must return a dictionary such as {{'point': [...]}}, not {answer!r}")
        text = json.dumps({name: _plain(value) for name, value in answer.items()}, allow_nan=False)
        answers.write(text.encode("ascii") + b"\n")
        answers.flush()


_NAMES = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


def _numbers(value):
    """JSON has no infinities: they arrive as the texts "inf", "-inf" and "nan"."""
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    return _NAMES.get(value, value) if isinstance(value, str) else value


def _plain(value):
    """Lists and numbers out of whatever holds them (NumPy arrays, tensors, tuples)."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value
