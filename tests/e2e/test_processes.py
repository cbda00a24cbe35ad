"""fork, vfork, exec: each process has a profile of what it did itself; none harms another's."""

import re

import scripted
from scripted import ScriptedTest, each_mode


class Processes(ScriptedTest):
    @each_mode()
    def test_forks(self):
        program = self.build("forks.c", extra=["-pthread"])
        ran = self.run_well(program)
        plain = self.run_well(self.build_plain("forks.c", extra=["-pthread"]))
        without_ids = re.compile(r"=\d+$", re.MULTILINE)
        self.assertEqual(without_ids.sub("=", ran.stdout), without_ids.sub("=", plain.stdout))

        ids = dict(re.findall(r"^(\w+)=(\d+)$", ran.stdout, re.MULTILINE))
        self.expect("forks.tally", "calls main 1", "calls in_parent 40", "edge main in_parent 40",
                    "calls before 6", "calls wait_for 6", "absent in_child", "absent in_grandchild",
                    "run ended_by exit")
        self.expect(f"forks.{ids['child']}.tally", "calls in_child 20",
                    "edge fork_twice in_child 20", "calls wait_for 1", "calls main 0",
                    "calls before 0", "absent in_grandchild", "absent in_parent",
                    f"run program.pid {ids['child']}", "run ended_by exit")
        self.expect(f"forks.{ids['grandchild']}.tally", "calls in_grandchild 30",
                    "calls in_child 0", "calls before 0", "run ended_by _exit")
        self.expect(f"forks.{ids['of_thread']}.tally", "calls in_child 7", "calls before 0",
                    "edge thread_forks in_child 7", "run ended_by exit")
        # The child that did nothing has none, the vforked one shares its parent's.
        self.assertEqual(len(self.profiles()), 4, self.profiles())

    @each_mode()
    def test_exec(self):
        """The process goes on as another program, which has its own profile."""
        target = self.build("small.c")
        source = self.write("execs.c", f"""
            #include <unistd.h>
            __attribute__((noinline)) static int lost(int n) {{ return n + 1; }}
            int main(void) {{
                lost(1);
                return execl("{target}", "small", "5", (char *)0);
            }}""")
        ran = self.start(self.build(source))
        self.assertEqual((ran.status, ran.stderr), (5, ""))
        self.assertEqual(self.profiles(), ["small.tally"])
        self.expect("small.tally", "calls work 100", "absent lost")


if __name__ == "__main__":
    scripted.main()
