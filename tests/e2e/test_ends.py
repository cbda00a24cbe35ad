"""However a program ends, its profile is there, and it ends as it would without Tally."""

import resource
import shutil
import signal

import scripted
from scripted import ScriptedTest, each_mode

# What ends.c is told, and what run.json says then.
ORDERLY = {"": "exit", "exit": "exit", "_exit": "_exit", "_Exit": "_Exit",
           "quick_exit": "quick_exit", "thread_exit": "exit", "leave_main": "exit",
           "thread_small_stack": "_exit"}
FAULTS = {"abort": "SIGABRT", "fault": "SIGSEGV", "divide": "SIGFPE", "overflow": "SIGSEGV",
          "blocked": "SIGTERM", "thread_fault": "SIGSEGV", "thread_abort": "SIGABRT"}
SENT = ("SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
        "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGXCPU", "SIGXFSZ",
        "SIGVTALRM", "SIGPROF", "SIGIO", "SIGSYS")


def as_from_a_shell():
    """No core files; signals that whoever runs the tests ignores do end what is tested."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name in SENT:
        signal.signal(signal.Signals[name], signal.SIG_DFL)


class Ends(ScriptedTest):
    def end(self, how, ended_by, *expected):
        words = [how] if how else []
        with self.subTest(how=how):
            ran = self.start(self.counted, *words, preexec_fn=as_from_a_shell)
            plain = self.start(self.plain, *words, preexec_fn=as_from_a_shell)
            self.assertEqual(ran, plain)
            self.expect("ends.tally", "calls main 1", f"run ended_by '{ended_by}'", *expected)
        return ran

    def prepare(self):
        flags = ["-pthread", "-Wno-infinite-recursion"] if "clang" in self.mode.compiler else \
            ["-pthread"]
        self.counted = self.build("ends.c", extra=flags)
        self.plain = self.build_plain("ends.c", extra=flags)

    @each_mode()
    def test_orderly(self):
        self.prepare()
        more = {"thread_exit": 1, "thread_small_stack": 1, "leave_main": 1, "quick_exit": 1}
        for how, ended_by in ORDERLY.items():
            self.end(how, ended_by, f"calls counted {10 + more.get(how, 0)}")

    @each_mode()
    def test_by_its_own_fault(self):
        self.prepare()
        more = {"thread_fault": 1, "thread_abort": 1, "blocked": 1}
        for how, name in FAULTS.items():
            ran = self.end(how, f"signal {name}", f"calls counted {10 + more.get(how, 0)}",
                           "edge main end 1")
            self.assertEqual(ran.status, -signal.Signals[name])

    @each_mode()
    def test_by_signals_sent(self):
        self.prepare()
        for name in SENT:
            ran = self.end(str(int(signal.Signals[name])), f"signal {name}", "calls counted 10")
            self.assertEqual(ran.status, -signal.Signals[name])

    @each_mode()
    def test_killed_without_a_chance(self):
        """SIGKILL leaves no profile, and nothing half-written."""
        self.prepare()
        self.assertEqual(self.start(self.counted, "9").status, -9)
        self.assertEqual(self.profiles(), [])

    @each_mode()
    def test_signals_while_the_runtime_is_at_work(self):
        """They wait until the lock is free: the profile is there, whole, however often one hits Ctrl-C."""
        program = self.build("signal_within.c", extra=["-pthread"])
        for words in (["15", "1", "for-ever"], ["2", "6"]):
            for _ in range(20):
                ran = self.start(program, *words, preexec_fn=as_from_a_shell)
                self.assertIn(ran.status, (0, -int(words[0])))
                self.assertEqual(ran.stderr, "")
                self.expect("signal_within.tally", "calls main 1")
                for path in self.here.glob("signal_within.tally*"):
                    self.assertIn(path.name, ("signal_within.tally", "signal_within.tally.old"))
                shutil.rmtree(self.here / "signal_within.tally")


if __name__ == "__main__":
    scripted.main()
