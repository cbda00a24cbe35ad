#!/usr/bin/env python3
"""Runs tally-demo as a user would and compares it with a second implementation.

usage: test_program.py PROGRAM...

Every program given (the plain one, and the instrumented one when it is built) must print exactly
what the reference below computes from the same documents, and refuse bad input with one line and
status 2. The reference is written for clarity, from the description in docs/demo.md, not from the
C code.
"""
import collections
import hashlib
import itertools
import json
import os
import pty
import re
import resource
import stat
import subprocess
import sys
import tempfile
import threading
import unittest

PROGRAMS = []
PROCESSORS = ("naive", "optimised")
MANUALS = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs", page)
           for page in ("demo.md", "guide/leak.md")]
LICENSES = "/usr/share/common-licenses"
STOP_WORDS = set(b"the a an and or but in on at to for of with by from as is was are were been"
                 .split())
VOCABULARY = ("performance optimization golang profiling memory cpu analysis benchmark concurrent "
              "processing system application server client database network algorithm structure "
              "function method").split()
MASK = (1 << 64) - 1


# ---- the reference: documents ----

class Xoshiro256StarStar:
    def __init__(self, seed):
        self.state = []
        for _ in range(4):
            seed = (seed + 0x9E3779B97F4A7C15) & MASK
            z = seed
            z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
            z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
            self.state.append(z ^ (z >> 31))

    @staticmethod
    def rotate(x, k):
        return ((x << k) | (x >> (64 - k))) & MASK

    def next(self):
        s = self.state
        result = (self.rotate((s[1] * 5) & MASK, 7) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = self.rotate(s[3], 45)
        return result

    def below(self, bound):
        while True:
            product = (self.next() >> 32) * bound
            if product % (1 << 32) >= (1 << 32) % bound:
                return product >> 32


def generated_documents(count, seed, repeat=1):
    number = 0
    for _ in range(repeat):
        random = Xoshiro256StarStar(seed)
        for _ in range(count):
            number += 1
            text = ""
            for i in range(random.below(5000) + 1000):
                text += VOCABULARY[random.below(20)] + " "
                if i % 10 == 0:
                    text += ". "
            yield b"doc-%d" % number, text.encode()


def file_documents(root, repeat=1):
    paths = []
    for folder, _, names in os.walk(os.fsencode(root)):
        paths += [os.path.join(folder, name) for name in names]
    paths = [path for path in paths if stat.S_ISREG(os.lstat(path).st_mode)]
    # A directory's entries in byte order, subdirectories among them.
    paths.sort(key=lambda path: path.split(b"/"))
    for round_number in range(1, repeat + 1):
        for path in paths:
            with open(path, "rb") as file:
                text = file.read()
            if not re.search(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]", text):
                yield path if round_number == 1 else path + b"@%d" % round_number, text


# ---- the reference: results ----

def keywords_of(text):
    words = re.sub(rb"[.,!?;:]", b" ", text.lower()).split()
    counts = collections.Counter(w for w in words if len(w) > 3 and w not in STOP_WORDS)
    chosen = [(w, n) for w, n in counts.items() if n > 2]
    return len(words), sorted(chosen, key=lambda item: (-item[1], item[0]))


def printable(word):
    return re.sub("[\x00-\x1f\x7f-\x9f]", "\ufffd", word.decode(errors="replace"))


def multiset_hash(items):
    """The same whatever their order."""
    total = sum(int.from_bytes(hashlib.sha256(item).digest(), "big") for item in items)
    return f"{total % (1 << 256):064x}"


def expected_summary(documents):
    number = lambda n: n.to_bytes(8, "little")
    found, hashes, uses = [], [], collections.Counter()
    summary = collections.Counter()
    for name, text in documents:
        n_words, keywords = keywords_of(text)
        summary.update(documents=1, content_bytes=len(text), words=n_words, keywords=len(keywords))
        listed = b"".join(word + b"\0" + number(count) for word, count in keywords)
        found.append(name + b"\0" + number(n_words) + number(len(keywords)) + listed)
        uses.update(dict(keywords))
        digest = hashlib.md5(text, usedforsecurity=False).hexdigest()
        hashes.append(name + b"\0" + digest.encode() + b"\0")
    top = sorted(uses.items(), key=lambda item: (-item[1], item[0]))[:10]
    return dict(summary, distinct_keywords=len(uses),
                top_keywords=[{"word": printable(w), "count": n} for w, n in top],
                keywords_digest=multiset_hash(found), hashes_digest=multiset_hash(hashes),
                stored_documents=summary["documents"], stored_bytes=summary["content_bytes"],
                evicted_documents=0, expired_documents=0)


def bounded(documents, expected, capacity):
    """What is expected when only the last documents stay in the store."""
    kept = documents[-capacity:]
    return dict(expected, stored_documents=len(kept),
                stored_bytes=sum(len(text) for _, text in kept),
                evicted_documents=len(documents) - len(kept))


# ---- running ----

def run(program, *arguments, **options):
    # The instrumented program writes its profile into the current directory: give it one.
    with tempfile.TemporaryDirectory() as scratch:
        options.setdefault("cwd", scratch)
        return subprocess.run([program, *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=300, **options)


def shown_on_terminal(*command):
    """What the command writes on stderr if that is a terminal. It must succeed."""
    leader, follower = pty.openpty()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=follower) as process:
        # A terminal whose last writer closes it may drop what was not read yet: this side stays
        # open and marks the end itself.
        marker = threading.Thread(target=lambda: (process.wait(), os.write(follower, b"\0")))
        marker.start()
        shown = b""
        while not shown.endswith(b"\0"):
            shown += os.read(leader, 4096)
        marker.join()
    os.close(follower)
    os.close(leader)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
    return shown[:-1]


def catches(process, number):
    """Whether the program has a handler for the signal now."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        caught = re.search(r"^SigCgt:\s*(\w+)", file.read(), re.MULTILINE).group(1)
    return int(caught, 16) >> (number - 1) & 1


class ProgramTest(unittest.TestCase):
    maxDiff = None

    def assert_refuses_workers(self, command, workers):
        """More than there is room for."""
        if "TALLY_TEST_SANITIZED" in os.environ:
            self.skipTest("shadow memory needs more addresses than any limit leaves")
        limit = 1 << 30  # room for some 120 stacks
        result = run(PROGRAMS[0], command, "--count", "1", "--workers", str(workers),
                     preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        self.assertEqual((result.returncode, result.stdout), (1, b""))
        self.assertEqual(result.stderr.decode(), f"tally-demo: --workers {workers}: cannot start "
                         "so many threads: Resource temporarily unavailable\n")

    def summary(self, *arguments):
        """The JSON of all programs, with either processor: they must agree."""
        summaries = []
        for program, processor in itertools.product(PROGRAMS, PROCESSORS):
            result = run(program, "documents", "--json", "--" + processor, *arguments)
            self.assertEqual(result.returncode, 0, result.stderr)
            summary = json.loads(result.stdout)
            self.assertGreater(summary.pop("elapsed_ns"), 0)
            self.assertEqual(summary.pop("processor"), processor)
            self.assertIsNone(summary.pop("stopped_by"))
            self.check_pool(summary.pop("pool"), summary["documents"], arguments)
            summaries.append(summary)
        for other in summaries[1:]:
            self.assertEqual(other, summaries[0])
        return summaries[0]

    def check_pool(self, pool, documents, arguments):
        """What it says of time is not compared with anything: only with itself."""
        if "--workers" not in arguments:
            self.assertIsNone(pool)
            return
        self.assertEqual(pool["workers"], int(arguments[arguments.index("--workers") + 1]))
        self.assertEqual((pool["submitted"], pool["processed"]), (documents, documents))
        for key in ("rejected", "failed", "cancelled"):
            self.assertEqual(pool[key], 0)
        self.assertGreater(pool["documents_per_s"], 0)
        for key in ("blocked", "in_queue", "process"):
            self.assertLessEqual(pool[key]["largest_ns"], pool[key]["sum_ns"])

    def assert_matches(self, documents, summary):
        self.assert_equals(expected_summary(documents), summary)

    def assert_equals(self, expected, summary):
        self.assertGreater(expected["documents"], 0)
        self.assertEqual({key: summary[key] for key in expected}, expected)

    def assert_refused(self, arguments, pattern, status=2, **options):
        for program in PROGRAMS:
            result = run(program, *arguments, **options)
            # What the profiler itself may say on stderr has a prefix of its own.
            lines = [line for line in result.stderr.decode().splitlines()
                     if not line.startswith("tally: ")]
            self.assertEqual((result.returncode, len(lines)), (status, 1), (arguments, lines))
            self.assertEqual(result.stdout, b"")
            self.assertRegex(lines[0], "^tally-demo: " + pattern)


class ResultsTest(ProgramTest):
    def test_license_texts(self):
        summary = self.summary()
        self.assertEqual(summary["input"], {"files": [LICENSES], "repeat": 1})
        self.assert_matches(file_documents(LICENSES), summary)

    def test_generated(self):
        summary = self.summary("--count", "12", "--seed", "7")
        self.assertEqual(summary["input"], {"generated": 12, "seed": 7, "repeat": 1})
        self.assert_matches(generated_documents(12, 7), summary)

    def test_seed_is_1_unless_given(self):
        self.assert_matches(generated_documents(2, 1), self.summary("--count", "2"))

    def test_processors_agree_on_10000_generated_documents(self):
        arguments = ["--count", "10000", "--seed", "6", "--store", "lru"]
        found = []
        for processor in PROCESSORS:
            result = run(PROGRAMS[0], "documents", "--json", "--" + processor, *arguments)
            summary = json.loads(result.stdout)
            del summary["processor"], summary["elapsed_ns"], summary["pool"]
            found.append(summary)
        self.assertEqual(found[0]["documents"], 10000)
        self.assertEqual(found[0], found[1])

    def test_naive_unless_told(self):
        for program in PROGRAMS:
            summary = json.loads(run(program, "documents", "--json", "--count", "1").stdout)
            self.assertEqual(summary["processor"], "naive")

    def test_repeat(self):
        self.assert_matches(generated_documents(3, 4, repeat=3),
                            self.summary("--count", "3", "--seed", "4", "--repeat", "3"))
        self.assert_matches(file_documents(LICENSES, repeat=2), self.summary("--repeat", "2"))

    def test_unbounded_store(self):
        summary = self.summary("--count", "5", "--store", "unbounded")
        self.assertEqual(summary["store"], {"kind": "unbounded"})
        self.assertEqual(summary, self.summary("--count", "5"))

    def test_lru_store(self):
        for capacity in (1, 3, 12, 1000):
            documents = list(generated_documents(6, 2, repeat=2))
            summary = self.summary("--count", "6", "--seed", "2", "--repeat", "2", "--store", "lru",
                                   "--capacity", str(capacity))
            self.assertEqual(summary["store"],
                             {"kind": "lru", "capacity": capacity, "ttl_ms": None})
            self.assert_equals(bounded(documents, expected_summary(documents), capacity), summary)

    def test_lru_store_holds_1000_for_ever_unless_told(self):
        summary = self.summary("--count", "2", "--store", "lru")
        self.assertEqual(summary["store"], {"kind": "lru", "capacity": 1000, "ttl_ms": None})
        self.assert_matches(generated_documents(2, 1), summary)

    def test_lru_store_with_time_to_live(self):
        arguments = ["--count", "50", "--store", "lru", "--ttl-ms"]
        summary = self.summary(*arguments, "100000000")
        self.assertEqual(summary["store"], {"kind": "lru", "capacity": 1000, "ttl_ms": 100000000})
        self.assert_matches(generated_documents(50, 1), summary)
        expected = expected_summary(generated_documents(50, 1))
        # How many expire depends on the clock; nothing else does, and none is lost.
        for program in PROGRAMS:
            short = json.loads(run(program, "documents", "--json", *arguments, "1").stdout)
            self.assertEqual(short["stored_documents"] + short["expired_documents"], 50)
            self.assertEqual(short["evicted_documents"], 0)
            for key in ("documents", "keywords_digest", "hashes_digest", "top_keywords"):
                self.assertEqual(short[key], expected[key])

    def test_folder_of_all_sorts(self):
        with tempfile.TemporaryDirectory() as folder:
            def write(name, content):
                path = os.path.join(os.fsencode(folder), name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(content)
            write(b"latin1.txt", b"Gr\xfc\xdfe Gr\xfc\xdfe gr\xfc\xdfe Stra\xdfe " * 5)
            write(b"utf8.txt", "Größe\u00a0Größe größe — ".encode() * 4)
            write(b"escape", b"\x1b[1mbold\x1b[m \x1b[1mbold\x1b[m \x1b[1mbold\x1b[m")
            write(b"empty", b"")
            write(b"no end of line", b"word WORD Word, word")
            write(b"deep/er/file", b"alpha beta gamma " * 9)
            write(b"deep-er", b"alpha alpha alpha")
            write(b"\xff\xfe", b"name name name is no UTF-8")
            write(b"binary", b"abc\0abc")
            os.symlink("empty", os.path.join(folder, "link"))
            os.mkfifo(os.path.join(folder, "fifo"))
            summary = self.summary("--files", folder)
            self.assert_matches(file_documents(folder), summary)
            self.assertEqual(summary["left_out"],
                             {"not_regular": 2, "unreadable": 0, "not_text": 1})

    def test_several_roots_in_the_order_given(self):
        summary = self.summary("--files", f"{LICENSES}/GPL-3", f"{LICENSES}/BSD", "--quiet")
        documents = []
        for name in ("GPL-3", "BSD"):
            with open(f"{LICENSES}/{name}", "rb") as file:
                documents.append((f"{LICENSES}/{name}".encode(), file.read()))
        self.assert_matches(documents, summary)

    def test_text_says_the_same_as_json(self):
        summary = self.summary("--count", "2")
        for program in PROGRAMS:
            text = run(program, "documents", "--count", "2").stdout.decode()
            self.assertIn(summary["keywords_digest"], text)
            self.assertIn(summary["hashes_digest"], text)
            self.assertRegex(text, f"Documents +{summary['documents']} generated with seed 1")
            self.assertRegex(text, f"{summary['words']} words")
            for keyword in summary["top_keywords"]:
                self.assertRegex(text, f"{keyword['word']} +{keyword['count']}\n")

    def test_text_says_which_processor(self):
        for program, processor in itertools.product(PROGRAMS, PROCESSORS):
            text = run(program, "documents", "--" + processor, "--count", "1").stdout.decode()
            self.assertRegex(text, f"^Processor +{processor}\n")

    def test_text_says_what_left_the_store(self):
        for program in PROGRAMS:
            text = run(program, "documents", "--count", "5", "--store", "lru", "--capacity",
                       "2").stdout.decode()
            self.assertRegex(text, "Still stored +2 documents, ")
            self.assertRegex(text, "Left the store +3 evicted, 0 expired\n")


class HeapCaptureTest(ProgramTest):
    """With Tally's heap profiles in the program; without them it refuses."""

    def test_captures_or_says_that_it_has_none(self):
        for program in PROGRAMS:
            with tempfile.TemporaryDirectory() as scratch:
                result = run(program, "documents", "--count", "3", "--heap-captures", "captures",
                             cwd=scratch)
                if b"this build has no heap profiles" in result.stderr:
                    self.assertEqual((result.returncode, result.stdout), (2, b""))
                    self.assertNotIn("captures", os.listdir(scratch))
                    continue
                self.assertEqual((result.returncode, result.stderr), (0, b""))
                self.assertEqual(sorted(os.listdir(os.path.join(scratch, "captures"))),
                                 ["after.pb.gz", "before.pb.gz"])

    def test_the_plain_program_has_none(self):
        result = run(PROGRAMS[0], "documents", "--heap-captures", "captures")
        self.assertEqual(result.returncode, 2)
        self.assertIn(b"--heap-captures: this build has no heap profiles", result.stderr)



class ManualTest(ProgramTest):
    def test_help_names_every_option(self):
        for program in PROGRAMS:
            for arguments in (["documents", "--help"], ["documents", "-h"]):
                result = run(program, *arguments)
                self.assertEqual(result.returncode, 0)
                for option in ("files", "count", "seed", "repeat", "naive", "optimised", "workers",
                               "sleep-ms", "store", "capacity", "ttl-ms", "heap-captures", "bench",
                               "bench-ms", "json", "quiet", "help"):
                    self.assertIn(b"--" + option.encode(), result.stdout)
                self.assertLessEqual(max(map(len, result.stdout.splitlines())), 90)
            self.assertIn(b"documents", run(program, "--help").stdout)
            self.assertRegex(run(program, "--version").stdout, rb"^tally-demo \d+\.\d+\.\d+\n$")

    def examples(self):
        """Arguments, the number of last lines asked for or None, and the lines shown."""
        for page in MANUALS:
            with open(page, encoding="utf-8") as file:
                found = re.findall(r"\n    \$ tally-demo (documents.*)\n((?:    .*\n)+)", file.read())
            self.assertTrue(found, page)
            for command, lines in found:
                command, _, tail = command.partition(" | tail -n ")
                # Captures change nothing in the output; not every program here can make them.
                arguments = re.sub(r" --heap-captures \w+", "", command).split()
                shown = [line[4:] for line in lines.splitlines()]
                yield arguments, int(tail) if tail else None, shown

    @staticmethod
    def without_times(lines):
        return [re.sub(r"\b[0-9.]+ (?:(?:ns|us|s)\b|ms(?! after)|documents/s)", "TIME", line)
                for line in lines]

    def test_the_pages_show_what_the_program_prints(self):
        for arguments, n_last, shown in self.examples():
            for program in PROGRAMS:
                printed = run(program, *arguments).stdout.decode().splitlines()
                if n_last is not None:
                    printed = printed[-n_last:]
                self.assertEqual(self.without_times(printed), self.without_times(shown))


class RefusalTest(ProgramTest):
    def test_bad_command_lines(self):
        for arguments, pattern in (
                ([], "no command"),
                (["letters"], "unknown command 'letters'"),
                (["--colour"], "unknown option '--colour'"),
                (["documents", "--colour"], "unknown option '--colour'"),
                (["documents", "-x"], "unknown option '-x'"),
                (["documents", "stray"], "unexpected argument 'stray'"),
                (["documents", "--", "stray"], "unexpected argument 'stray'"),
                (["documents", "--json", "stray"], "unexpected argument 'stray'"),
                (["documents", "--count"], "--count needs a value"),
                (["documents", "--files"], "--files needs a value"),
                (["documents", "--json=yes"], "--json=yes takes no value"),
                (["documents", "--count", "0"], "--count: '0' is not a number from 1 to"),
                (["documents", "--count", "-1"], "--count: '-1' is not a number"),
                (["documents", "--count", "1e3"], "--count: '1e3' is not a number"),
                (["documents", "--count", " 1"], "--count: ' 1' is not a number"),
                (["documents", "--count", ""], "--count: '' is not a number"),
                (["documents", "--repeat", "9" * 30], "--repeat: '9+' is not a number"),
                (["documents", "--count", "1", "--seed", "x"], "--seed: 'x' is not a number"),
                (["documents", "--seed", "1"], "--seed .* needs --count"),
                (["documents", "--count", "1", "--files", "/"], "--files and --count exclude"),
                (["documents", "--naive", "--optimised"], "--naive and --optimised exclude"),
                (["documents", "--optimised=yes"], "--optimised=yes takes no value"),
                (["documents", "--store", "lru "], "--store: 'lru ' is neither unbounded nor lru"),
                (["documents", "--store"], "--store needs a value"),
                (["documents", "--store", "lru", "--capacity", "0"],
                 "--capacity: '0' is not a number from 1 to"),
                (["documents", "--store", "lru", "--ttl-ms", "0"],
                 "--ttl-ms: '0' is not a number from 1 to"),
                (["documents", "--capacity", "1"], "--capacity and --ttl-ms .* --store lru"),
                (["documents", "--ttl-ms", "1", "--store", "unbounded"],
                 "--capacity and --ttl-ms .* --store lru"),
                (["documents", "--workers", "0"], "--workers: '0' is not a number from 1 to 1000"),
                (["documents", "--workers", "1001"], "--workers: '1001' is not a number from 1 to"),
                (["documents", "--sleep-ms", "1"], "--sleep-ms .* needs --workers"),
                (["documents", "--workers", "1", "--sleep-ms", "-1"],
                 "--sleep-ms: '-1' is not a number from 0 to 60000"),
                (["documents", "--bench", "--workers", "2"], "--bench and --workers exclude"),
                (["documents", "--heap-captures"], "--heap-captures needs a value"),
        ):
            self.assert_refused(arguments, pattern)

    def test_bad_input(self):
        with tempfile.TemporaryDirectory() as folder:
            missing = os.path.join(folder, "missing")
            self.assert_refused(["documents", "--files", LICENSES, missing],
                                f"{missing}: No such file or directory")
            self.assert_refused(["documents", "--files", folder], f"{folder}: no text files found")

    def test_control_characters_do_not_reach_the_terminal(self):
        self.assert_refused(["documents", "--files", "/\x1b[31m\n"], "/\ufffd\\[31m\ufffd: No such")

    def test_full_disk(self):
        for program, command in itertools.product(PROGRAMS, ("documents", "orders")):
            with tempfile.TemporaryDirectory() as scratch, open("/dev/full", "wb") as full:
                result = subprocess.run([program, command], cwd=scratch, stdout=full,
                                        stderr=subprocess.PIPE, check=False)
            self.assertEqual(result.returncode, 1)
            self.assertIn(b"standard output: No space left on device", result.stderr)


class NotesTest(ProgramTest):
    def test_left_out_files_are_told_unless_quiet(self):
        with tempfile.TemporaryDirectory() as folder:
            binary = os.path.join(folder, "binary")
            for path, content in ((binary, b"\0"), (os.path.join(folder, "text"), b"text")):
                with open(path, "wb") as file:
                    file.write(content)
            note = f"tally-demo: {binary}: not a text file; left out\n"
            for program in PROGRAMS:
                arguments = ["documents", "--files", folder, "--repeat", "3"]
                self.assertEqual(run(program, *arguments).stderr.decode().count(note), 1)
                self.assertNotIn(note, run(program, *arguments, "--quiet").stderr.decode())

    @unittest.skipUnless(os.geteuid() == 0 and os.path.exists("/usr/bin/setpriv"),
                         "needs to give up root's right to read everything")
    def test_unreadable_files_and_directories(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            for name in ("locked", "open"):
                with open(os.path.join(folder, name), "w", encoding="ascii") as file:
                    file.write("text")
            os.chmod(os.path.join(folder, "locked"), 0)
            os.mkdir(os.path.join(folder, "closed"), 0)
            result = subprocess.run(
                ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--reuid=65534",
                 PROGRAMS[0], "documents", "--json", "--files", folder],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
            self.assertEqual(json.loads(result.stdout)["left_out"]["unreadable"], 2)
            self.assertEqual(json.loads(result.stdout)["documents"], 1)
            self.assertIn(b"locked: Permission denied; left out", result.stderr)
            self.assertIn(b"closed: Permission denied; left out", result.stderr)

    def test_progress_is_for_terminals(self):
        arguments = [PROGRAMS[0], "documents", "--count", "50", "--repeat"]
        self.assertEqual(run(*arguments, "1").stderr, b"")
        # Long enough to see the line at least once: more and more rounds until it comes.
        for rounds in ("40", "160", "640", "2560"):
            shown = shown_on_terminal(*arguments, rounds)
            if shown:
                break
        self.assertRegex(shown, rb"\d+ %  \d+ of \d+ documents, [\d.]+ \w+, [\d.]+ \w+ left")
        self.assertTrue(shown.endswith(b"\r\x1b[K"))


if __name__ == "__main__":
    PROGRAMS = [os.path.abspath(path) for path in sys.argv[1:]]
    if not PROGRAMS:
        sys.exit(__doc__)
    unittest.main(argv=sys.argv[:1])
