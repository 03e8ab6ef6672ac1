//! What is tried, in Python: a name, the program, and a word of the reason that it must end with.

/// A program that must fail.
pub(crate) struct Hostile {
    pub(crate) name: &'static str,
    pub(crate) source: &'static str,
    /// One of these stands in the reason of the first check.
    pub(crate) reasons: &'static [&'static str],
}

/// How the others begin: the greeting is answered, so that the harm is done while an answer is waited for.
pub(crate) const GREETING: &str = "\
import json, os, signal, socket, sys, time
def line(): return sys.stdin.readline()
def say(text):
    sys.stdout.write(text + '\\n')
    sys.stdout.flush()
line()
say('{\"protocol\": 1}')
line()
";

/// What is right, between all the others.
pub(crate) const RIGHT: &str = "\
from theoria import serve
class Solution:
    def begin(self, instance):
        self.x, smoothness = instance['start'], instance['smoothness']
        mu = instance.get('strong_convexity')
        self.h = 1 / smoothness if mu is None else 2 / (smoothness + mu)
        return {'point': self.x}
    def tell(self, told):
        self.x = [x - self.h * g for x, g in zip(self.x, told['gradient'])]
        return {'point': self.x}
serve(Solution())
";

pub(crate) const HOSTILE: &[Hostile] = &[
    Hostile { name: "endless_loop", source: "while True: pass", reasons: &["on the processor"] },
    Hostile {
        name: "fork_bomb",
        source: "while True:\n    try: os.fork()\n    except OSError: pass",
        reasons: &["on the processor", "processes", "memory"],
    },
    Hostile {
        name: "flood_without_an_end",
        source: "while True: sys.stdout.write('x' * 65536)",
        reasons: &["longer than", "wrote more"],
    },
    Hostile {
        name: "flood_of_lines",
        source: "while True: say('x' * 1000)",
        reasons: &["not a JSON object"],
    },
    Hostile {
        name: "flood_of_errors",
        source: "while True: sys.stderr.write('x' * 65536)",
        reasons: &["on the processor"],
    },
    Hostile {
        name: "memory_of_many",
        source: "\
for _ in range(8):
    if os.fork() == 0:
        held = bytearray(100 << 20)
        for i in range(0, len(held), 4096): held[i] = 1
        time.sleep(60)
time.sleep(60)",
        reasons: &["memory"],
    },
    Hostile {
        name: "memory_of_one",
        source: "held = bytearray(2 << 30)\nheld[::4096] = b'x' * len(held[::4096])\ntime.sleep(60)",
        reasons: &["memory", "MemoryError"],
    },
    Hostile {
        name: "daemon_that_holds_the_output",
        source: "\
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: time.sleep(300)
    os._exit(0)
os._exit(3)",
        reasons: &["ended", "exit code 3", "said nothing"],
    },
    Hostile {
        name: "killer_of_its_launcher",
        source: "os.kill(os.getppid(), signal.SIGKILL)\nos.kill(1, signal.SIGKILL)\ntime.sleep(60)",
        reasons: &["ended", "said nothing"],
    },
    Hostile {
        name: "eraser",
        source: "import shutil\nshutil.rmtree('.', ignore_errors=True)\nsay('gone')",
        reasons: &["not a JSON object"],
    },
    Hostile {
        name: "writer_outside",
        source: "\
for path in WITNESSES:
    try: open(path, 'w').write('here')
    except OSError: pass
sys.exit(4)",
        reasons: &["exit code 4"],
    },
    Hostile {
        name: "caller",
        source: "\
try:
    s = socket.create_connection(('127.0.0.1', PORT), timeout=1)
    s.sendall(b'here')
except OSError: pass
sys.exit(5)",
        reasons: &["exit code 5"],
    },
    Hostile {
        name: "deaf_to_signals",
        source: "\
for number in range(1, 32):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True: time.sleep(1)",
        reasons: &["said nothing"],
    },
    Hostile {
        name: "pretends_that_the_grader_failed",
        source: "say('theoria: started')\nos.write(2, b'no namespaces here')\nos._exit(125)",
        reasons: &["not a JSON object"],
    },
    Hostile { name: "raiser", source: "raise ValueError('told apart')", reasons: &["told apart"] },
    Hostile { name: "not_a_number", source: "say('{\"point\": [NaN]}')", reasons: &["bare NaN"] },
    Hostile { name: "half_a_line", source: "sys.stdout.write('{')", reasons: &["no end of line"] },
    Hostile { name: "silent", source: "time.sleep(300)", reasons: &["flush"] },
];
