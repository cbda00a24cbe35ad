"""std::terminate, whatever led to it: the program dies as without Tally, its profile whole."""

import resource
import signal

import scripted
from scripted import ScriptedTest, each_mode

FLAGS = ["-std=c++17", "-pthread"]
# thrower(5) is six calls, each of which counts once before it throws.
DIVE = ("calls thrower 6", "edge thrower thrower 5", "edge thrower counted 6")
ABORTED = (-signal.SIGABRT, "signal SIGABRT")
# What terminate.cpp is told: how it ends, what run.json says then, what is counted.
WAYS = {
    "noexcept": (*ABORTED, *DIVE, "edge promises_not_to thrower 1",
                 "edge breaks_promise promises_not_to 1", "calls Guard::~Guard 0"),
    "uncaught": (*ABORTED, *DIVE, "edge uncaught thrower 1"),
    "twice": (*ABORTED, "calls thrower 12", "edge thrower thrower 10",
              "edge throws_twice thrower 1",
              "edge throws_twice ThrowsInDestructor::~ThrowsInDestructor 1",
              "edge ThrowsInDestructor::~ThrowsInDestructor thrower 1"),
    "nothing": (*ABORTED, "calls counted 1", "edge main rethrows_nothing 1"),
    "thread": (*ABORTED, *DIVE, "run threads 2", "edge main in_thread 1"),
    "not_joined": (*ABORTED, "calls counted 1", "edge main not_joined 1"),
    "pure": (*ABORTED, "edge Derived::Derived Base::Base 1",
             "edge Base::Base Base::calls_virtual 1",
             "edge Base::calls_virtual counted 1", "calls Derived::is_pure 0"),
    "handler_exits": (7, "_Exit", *DIVE[:2], "calls counted 7", "calls exits 1",
                      "edge exits counted 1"),
    "handler_exits_in_order": (8, "exit", *DIVE[:2], "calls counted 7", "calls exits_in_order 1",
                               "edge exits_in_order counted 1"),
    "handler_looks": (*ABORTED, *DIVE[:2], "calls counted 7", "edge looks_and_aborts counted 1"),
}


def without_core_file():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Terminate(ScriptedTest):
    @each_mode()
    def test_each_way(self):
        counted = self.build("terminate.cpp", extra=FLAGS)
        plain = self.build_plain("terminate.cpp", extra=FLAGS)
        for way, (status, ended_by, *expected) in WAYS.items():
            with self.subTest(way=way):
                ran = self.start(counted, way, preexec_fn=without_core_file)
                self.assertEqual(ran, self.start(plain, way, preexec_fn=without_core_file))
                self.assertEqual(ran.status, status)
                self.expect("terminate.tally", "calls main 1", f"run ended_by '{ended_by}'",
                            *expected)


if __name__ == "__main__":
    scripted.main()
