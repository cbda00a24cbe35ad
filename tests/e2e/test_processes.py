"""fork, vfork, exec: each process has a profile of what it did itself; none harms another's."""

import os
import re

import scripted
from scripted import ScriptedTest, each_clang, each_mode

SHELL = "/bin/sh"
EXECS = ("execl", "execlp", "execle", "execv", "execve", "execvp", "execvpe", "fexecve",
         "execveat")


def without_ids(ran):
    return (ran.status, re.sub(r"=\d+$", "=", ran.stdout, flags=re.MULTILINE), ran.stderr)


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
                    "calls before 6", "calls wait_for 6", "calls in_vforked 1", "absent in_child", "absent in_grandchild",
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

    def prepare_execs(self, *extra):
        self.counted = self.build("execs.c", extra=["-pthread", *extra])
        self.plain = self.build_plain("execs.c", extra=["-pthread", *extra])
        script = self.write("script", "echo $0 $1 $2 $#; exit 6\n")
        script.chmod(0o755)
        self.write("plain.txt", "echo never; exit 7\n").chmod(0o644)
        (self.here / "folder").mkdir()
        (self.here / "link").symlink_to(SHELL)

    def exec(self, how, status, *expected, profile="execs.tally"):
        """Runs both ways: what is seen of them is the same, and this is in the profile."""
        with self.subTest(how=how):
            environment = {"SET": "inherited"}
            options = f"out={profile}"
            ran = self.start(self.counted, how, options=options, environment=environment)
            plain = self.start(self.plain, how, options=options, environment=environment)
            self.assertEqual(without_ids(ran), without_ids(plain))
            self.assertEqual(ran.status, status, ran)
            self.expect(profile, "calls main 1", *expected)
            self.assertEqual(self.profiles().count(f"{profile}.old"), 0)
        return ran

    def exec_all(self):
        for how in EXECS:
            ran = self.exec(how, 5, "calls counted 10", "run ended_by exec",
                            profile=f"{how}.tally")
            is_own = how.endswith("e") or how == "execveat"
            self.assertEqual(ran.stdout.splitlines()[0],
                             "zero one own" if is_own else
                             f"zero one inherited out={how}.tally")

    @each_mode()
    def test_exec(self):
        """What was counted until then is written, and nothing else is as it was not before."""
        self.prepare_execs()
        self.exec_all()

    @each_clang
    def test_exec_in_static_programs(self):
        """There libc has no functions of these names behind ours, and its own calls of them."""
        here = self.here
        for kind in ("-static", "-static-pie"):
            self.here = here / kind
            self.here.mkdir()
            self.prepare_execs(kind)
            self.link_statically("execs.c", kind)
            self.exec_all()
            self.exec("fail", 0, "calls counted 11", "run ended_by exit", profile="fail.tally")
            self.exec_by_children()
            self.link_statically("daemons.c", kind)
            self.become_daemon("daemons", "daemon", "/", "/dev/null")

    def link_statically(self, source, kind):
        """Without the search path for libraries that the usual command sets."""
        scripted.toolchain.command(
            [self.mode.compiler, *self.mode.flags(), kind, scripted.toolchain.PROGRAMS / source,
             "-o", self.here / source.removesuffix(".c"), f"-L{scripted.toolchain.LIB}",
             "-ltally"])

    @each_mode()
    def test_exec_that_fails(self):
        """The program goes on; its errors are the system's; its profile is whole, and the only one."""
        self.prepare_execs()
        self.exec("fail", 0, "calls counted 11", "run ended_by exit", profile="fail.tally")
        self.exec("fail_late", 0, "calls counted 16", "run ended_by exit", profile="late.tally")
        self.assertEqual(self.profiles(), ["fail.tally", "late.tally"])

    @each_mode()
    def test_exec_of_a_script(self):
        self.prepare_execs()
        ran = self.exec("script", 6, "calls counted 10", "run ended_by exec")
        self.assertEqual(ran.stdout, "script one two 2\n")

    @each_mode()
    def test_exec_in_a_program_of_many_threads(self):
        self.prepare_execs()
        self.exec("wait", 5, "calls counted 4010", "run ended_by exec", "run threads 5",
                  profile="wait.tally")
        self.exec("spin", 5, "calls counted >=4010", "run ended_by exec", profile="spin.tally")
        self.exec("small_stack", 5, "calls counted 11", "run ended_by exec",
                  profile="small.tally")

    @each_mode()
    def test_exec_by_children(self):
        """A child has a profile if it counted anything; a vforked one counts for its parent."""
        self.prepare_execs()
        self.exec_by_children()
        self.assertEqual(len(self.profiles()), 2, self.profiles())

    def exec_by_children(self):
        ran = self.exec("children", 0, "calls counted 11", "calls in_child 1",
                        "edge children in_child 1", "run ended_by exit", profile="execs.tally")
        child = re.search(r"child=(\d+)", ran.stdout).group(1)
        self.expect(f"execs.{child}.tally", "calls in_child 1", "calls counted 0",
                    "run ended_by exec")

    @each_mode()
    def test_exec_of_an_instrumented_program(self):
        """The new program is another run, with its own profile."""
        target = self.build("small.c")
        source = self.write("becomes.c", f"""
            #include <unistd.h>
            __attribute__((noinline)) static int kept(int n) {{ return n + 1; }}
            int main(void) {{
                kept(1);
                return execl("{target}", "small", "5", (char *)0);
            }}""")
        ran = self.start(self.build(source))
        self.assertEqual((ran.status, ran.stderr), (5, ""))
        self.assertEqual(self.profiles(), ["becomes.tally", "small.tally"])
        self.expect("becomes.tally", "calls kept 1", "calls main 1", "run ended_by exec")
        self.expect("small.tally", "calls work 100", "absent kept")

    def become_daemon(self, program, how, where, output, processes=2):
        read, write = os.pipe()
        try:
            ran = self.start(self.here / program, how, str(write), pass_fds=(write,))
        finally:
            os.close(write)
        with os.fdopen(read) as pipe:
            said = pipe.read()  # to the end: none of them is left
        self.assertEqual((ran.status, ran.stdout, ran.stderr), (0, "", ""))
        leader = int(how != "twice")
        self.assertIn(f"leader={leader} {output} {where}\n", said)
        daemon = re.search(r"daemon=(\d+)", said).group(1)
        self.expect(f"{program}.tally", "calls main 1", "calls in_front 10", "absent behind",
                    "run ended_by _exit")
        self.expect(f"{program}.{daemon}.tally", "calls behind 20", "calls main 0",
                    "calls in_front 0", "run ended_by exit")
        profiles = [name for name in self.profiles() if name.startswith(f"{program}.")]
        self.assertEqual(len(profiles), processes, profiles)

    @each_mode()
    def test_daemons(self):
        """Whoever goes, goes with a profile of what it did itself."""
        for name in ("daemon", "stay", "twice"):
            self.build("daemons.c", name=name)
        self.become_daemon("daemon", "daemon", "/", "/dev/null")
        self.become_daemon("stay", "stay", "/tmp", "pipe")
        self.become_daemon("twice", "twice", str(self.here), "pipe", processes=3)

    @each_mode()
    def test_forks_among_threads_that_run(self):
        program = self.build("forks_meanwhile.c", extra=["-pthread"])
        children = re.findall(r"child=(\d+)", self.run_well(program).stdout)
        self.assertEqual(len(self.profiles()), 1 + len(children))
        self.expect("forks_meanwhile.tally", "calls main 1", "absent in_child", "run threads 5")
        for child in children:
            self.expect(f"forks_meanwhile.{child}.tally", "calls in_child 13", "calls child 1",
                        "calls main 0", "calls in_thread 0", "calls flat_out 0",
                        "calls thread_of_child 3", "edge thread_of_child in_child 3")


if __name__ == "__main__":
    scripted.main()
