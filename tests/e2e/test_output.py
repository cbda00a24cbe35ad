"""Where profiles are written, what is in the way, and what cannot be written."""

import contextlib
import os
import pathlib
import platform
import shutil
import subprocess

import scripted
from scripted import ScriptedTest, each_mode

NOBODY = 65534


class Output(ScriptedTest):
    def setUp(self):
        super().setUp()
        self.work.chmod(0o755)

    def fail_to_write(self, *words, where=None, cause="", **more):
        """The program is not disturbed; one line says file and cause; nothing is left behind."""
        ran = self.start(self.program, "3", cwd=where, **more)
        self.assertEqual((ran.status, ran.stdout), (3, "590\n"), ran.stderr)
        self.assertRegex(ran.stderr, r"\Atally: cannot write [^\n]*\n\Z")
        for word in (*words, cause):
            self.assertIn(word, ran.stderr)

    def prepare(self):
        self.program = self.build("small.c")

    @each_mode()
    def test_earlier_profile_moves_aside(self):
        self.prepare()
        for run in range(3):
            self.assertEqual(self.start(self.program, str(run)).status, run)
        self.assertEqual(self.profiles(), ["small.tally", "small.tally.old"])
        arguments = [self.read(name)[1]["program"]["argv"][1] for name in self.profiles()]
        self.assertEqual(arguments, ["2", "1"])

    def test_an_empty_directory_is_no_obstacle(self):
        self.prepare()
        (self.here / "small.tally").mkdir()
        self.run_well(self.program)
        self.expect("small.tally", "calls work 100")

    def test_what_is_not_ours_stays(self):
        self.prepare()
        directory = self.here / "small.tally"
        directory.mkdir()
        (directory / "thesis.txt").write_text("ten years")
        self.fail_to_write("small.tally", "in the way")
        self.assertEqual([p.name for p in directory.iterdir()], ["thesis.txt"])
        self.assertEqual(self.profiles(), ["small.tally"])

    def test_a_file_in_the_way_stays(self):
        self.prepare()
        (self.here / "small.tally").write_text("mine")
        self.fail_to_write("small.tally", "in the way")
        self.assertEqual((self.here / "small.tally").read_text(), "mine")

    def test_what_is_not_ours_in_place_of_the_old_one_stays(self):
        self.prepare()
        self.run_well(self.program)
        old = self.here / "small.tally.old"
        old.mkdir()
        (old / "thesis.txt").write_text("ten years")
        self.fail_to_write("small.tally", "in the way")
        self.assertEqual([p.name for p in old.iterdir()], ["thesis.txt"])
        self.assertEqual(self.profiles(), ["small.tally", "small.tally.old"])
        self.assertEqual(self.read("small.tally")[1]["program"]["argv"], [str(self.program)])

    def test_a_link_in_the_way_is_not_followed(self):
        self.prepare()
        target = self.here / "elsewhere"
        target.mkdir()
        (target / "thesis.txt").write_text("ten years")
        (self.here / "small.tally").symlink_to(target)
        self.fail_to_write("small.tally", "in the way")
        self.assertEqual([p.name for p in target.iterdir()], ["thesis.txt"])

    def test_directory_that_is_not_there(self):
        self.prepare()
        self.fail_to_write("no/where.tally", cause="No such file or directory",
                           options="out=no/where.tally")

    def test_directory_that_may_not_be_written(self):
        self.prepare()
        locked = self.here / "locked"
        locked.mkdir(mode=0o555)
        user = {"user": NOBODY} if os.geteuid() == 0 else {}
        self.fail_to_write("small.tally", where=locked, cause="Permission denied", **user)
        self.assertEqual(list(locked.iterdir()), [])

    def test_read_only_file_system(self):
        self.prepare()
        self.fail_to_write("/proc/nowhere.tally", options="out=/proc/nowhere.tally")

    def test_file_size_limit(self):
        """A limit on file sizes must not end a program that would not have met it."""
        self.prepare()
        command = f'ulimit -f 0; exec "{self.program}" 3'
        ran = self.start("sh", "-c", command)
        self.assertEqual((ran.status, ran.stdout), (3, "590\n"), ran.stderr)
        self.assertRegex(ran.stderr, r"\Atally: cannot write [^\n]*small\.tally: [^\n]*\n\Z")
        self.assertEqual(self.profiles(), [])

    def test_full_disk(self):
        self.prepare()
        with self.small_disk() as disk:
            shutil.copy(self.program, disk / "small")
            (disk / "filler").write_bytes(b"")
            with contextlib.suppress(OSError), open(disk / "filler", "ab", buffering=0) as filler:
                while True:
                    filler.write(bytes(4096))
            self.fail_to_write("small.tally", where=disk, cause="No space left on device")
            self.assertEqual(sorted(p.name for p in disk.iterdir()), ["filler", "small"])

    @contextlib.contextmanager
    def small_disk(self):
        disk = self.here / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk],
                                 stderr=subprocess.PIPE, text=True, check=False)
        self.skip_without(mounted.returncode == 0, f"cannot mount a disk: {mounted.stderr}")
        try:
            yield disk
        finally:
            subprocess.run(["umount", disk], check=True)

    def test_standard_error_is_closed(self):
        """Nowhere to say it; the program runs as before, and its files are not written to."""
        self.prepare()
        (self.here / "small.tally").write_text("mine")
        command = f'exec 2>&- "{self.program}" 3'
        ran = self.start("sh", "-c", command)
        self.assertEqual((ran.status, ran.stdout), (3, "590\n"))
        self.assertEqual((self.here / "small.tally").read_text(), "mine")

    @each_mode()
    def test_all_standard_files_are_closed(self):
        self.prepare()
        ran = self.start("sh", "-c", f'exec 0<&- 1>&- 2>&- "{self.program}" 3')
        self.assertEqual(ran.status, 3)
        self.expect("small.tally", "calls work 100")

    def test_nothing_called(self):
        idle = self.build("idle.c")
        ran = self.start(idle)
        self.assertEqual((ran.status, ran.stdout), (4, "idle\n"))
        self.assertRegex(ran.stderr, r"\Atally: no profile: none of the 1 instrumented functions "
                                     r"was called[^\n]*\n\Z")
        self.assertEqual(self.profiles(), [])
        self.run_idle_well(idle)

    def run_idle_well(self, idle):
        ran = self.start(idle, "called")
        self.assertEqual((ran.status, ran.stderr), (2, ""))
        self.expect("idle.tally", "calls never_called 1", "callers never_called -")

    def test_build_systems_trying_the_compiler(self):
        """As autoconf, Meson and CMake name what they run for that; nobody wants a profile of it."""
        self.prepare()
        for name in ("conftest", "sanitycheckc.exe", "output.exe", "cmTC_0a1b2", "conftests"):
            ran = self.start(shutil.copy(self.program, self.here / name), "3")
            self.assertEqual((ran.status, ran.stdout, ran.stderr), (3, "590\n", ""))
        self.assertEqual(self.profiles(), ["conftests.tally"])

    def test_linked_only(self):
        """Linked with the runtime, compiled without: the message says how to compile."""
        paths = [scripted.toolchain.PROGRAMS / "small.c"]
        program = self.here / "small"
        scripted.toolchain.command([self.mode.compiler, "-Wl,--no-as-needed", *paths, "-o", program,
                                    *self.mode.libraries()])
        ran = self.start(program)
        self.assertEqual((ran.status, ran.stdout), (0, "590\n"))
        self.assertRegex(ran.stderr, r"\Atally: no profile: [^\n]*no function in it is "
                                     r"instrumented[^\n]*tally-cc[^\n]*\n\Z")
        self.assertEqual(self.profiles(), [])

    def test_run_json_says_what_ran(self):
        self.prepare()
        self.run_well(self.program, "0", "second argument")
        _, run_json = self.read("small.tally")
        program = run_json["program"]
        self.assertEqual(program["executable"], str(self.program))
        self.assertEqual(program["argv"], [str(self.program), "0", "second argument"])
        self.assertEqual(program["working_directory"], str(self.here))
        (unit,) = run_json["units"]
        self.assertEqual(pathlib.Path(unit["file"]).name, "small.c")
        self.assertIn("clang version", unit["producer"])
        self.assertEqual((unit["functions"], unit["optimization"]), (2, 2))
        self.assertIn("-O2", unit["flags"].split())
        self.assertNotIn("/", unit["flags"], "no paths")
        self.assertNotIn("plugin", unit["flags"])
        machine = run_json["machine"]
        self.assertEqual((machine["architecture"], machine["kernel"], machine["processors"]),
                         (platform.machine(), platform.release(), os.sysconf("SC_NPROCESSORS_ONLN")))
        self.assertEqual(run_json["instrumented_functions"], 2)


if __name__ == "__main__":
    scripted.main()
