"""Who says what a program allocated: Tally, and two that share nothing with it.

    Dhat         valgrind's tool, which has the C library's allocator replaced   the plain program
    Heaptrack    a preloaded library that writes a line for each call            the plain program
    Tally        heap.pb.gz, peak.pb.gz and lifetime.pb.gz                       any build

Each says how a program is run for it, and reads what it left into Totals. All count the bytes asked
for, and take a successful realloc, also one that leaves the block where it is, for a free and an
allocation of the whole new size. What they do not agree about is taken off here, as a rule:

  - libc and libstdc++ free some memory only if they are asked to, before the end, which valgrind
    does. It is told not to.
  - libstdc++ starts with an emergency pool of 72704 bytes. heaptrack brings libstdc++ into every
    program, and frees the pool at the end. In a C program the pool is left out; in a C++ program it
    is the program's own, and stays.
  - DHAT counts an empty block as 1 byte, and does not say how many there were; Tally does. With
    empty blocks, DHAT's peak is not compared.
  - DHAT knows of no temporary blocks.
"""

import dataclasses
import json
import shutil

import pprof_decode
import toolchain
from toolchain import Failure

EMERGENCY_POOL_BYTES = 72704


@dataclasses.dataclass(frozen=True)
class Totals:
    """Of one run. None is what this witness cannot say."""
    blocks: int
    bytes: int
    live_blocks: int  # at exit
    live_bytes: int
    peak_bytes: int | None = None
    # Allocated last when they were freed, with no other free between; in a program of one thread.
    temporary_blocks: int | None = None
    empty_blocks: int | None = None
    live_empty_blocks: int | None = None

    def plus(self, **more):
        return dataclasses.replace(self, **{k: getattr(self, k) + v for k, v in more.items()})


def missing():
    """The tools without which nothing can be compared."""
    return [name for name in ("valgrind", "heaptrack", "zstd") if not shutil.which(name)]


class Witness:
    """Looks on while the plain program runs."""
    mode = toolchain.Mode("plain", "gcc", "O0", debug=False)

    def __str__(self):
        return self.name

    def would_say(self, totals):
        """Of a run of which `totals` is the truth."""
        return totals


class Dhat(Witness):
    name = "dhat"

    def run(self, words, directory, is_cxx):
        del is_cxx
        out = directory / "dhat.out"
        ran = toolchain.run(["valgrind", "-q", "--tool=dhat", f"--dhat-out-file={out}",
                             "--run-libc-freeres=no", "--run-cxx-freeres=no", *words], directory)
        return ran, self.read(json.loads(out.read_text()))

    @staticmethod
    def read(report):
        """Sums over its program points: t(otal), e(nd), g(lobal peak)."""
        points = report["pps"]
        return Totals(*(sum(point[key] for point in points)
                        for key in ("tbk", "tb", "ebk", "eb", "gb")))

    def would_say(self, totals):
        seen = totals.plus(bytes=totals.empty_blocks, live_bytes=totals.live_empty_blocks)
        return dataclasses.replace(seen, peak_bytes=None) if totals.empty_blocks else seen


class Heaptrack(Witness):
    name = "heaptrack"

    def run(self, words, directory, is_cxx):
        ran = toolchain.run(["heaptrack", "--raw", "--output", directory / "heaptrack", *words],
                            directory)
        [raw] = directory.glob("heaptrack.raw*")
        lines = toolchain.command(["zstd", "-dc", raw]).stdout.splitlines()
        raw.unlink()
        return ran, self.read(lines, is_cxx)

    @staticmethod
    def read(lines, is_cxx):
        """`+ size trace address` and `- address`, in hexadecimal. realloc is a free, then an
        allocation; an address that is allocated again was freed by something that heaptrack did not
        see, and its block counts as live for ever."""
        sizes, live, pool, last = [], {}, None, None
        unseen_blocks = unseen_bytes = live_bytes = peak_bytes = temporary_blocks = 0
        for words in map(str.split, lines):
            if words[:1] == ["+"]:
                size, last = int(words[1], 16), words[3]
                if not sizes and pool is None and size == EMERGENCY_POOL_BYTES:
                    pool = last
                    if not is_cxx:
                        continue
                if last in live:
                    unseen_blocks += 1
                    unseen_bytes += live[last]
                sizes.append(size)
                live[last] = size
                live_bytes += size
                peak_bytes = max(peak_bytes, live_bytes)
            elif words[:1] == ["-"]:
                if words[1] in live and words[1] != pool:
                    temporary_blocks += words[1] == last
                    live_bytes -= live.pop(words[1])
                last = None
        return Totals(len(sizes), sum(sizes), len(live) + unseen_blocks,
                      sum(live.values()) + unseen_bytes, peak_bytes, temporary_blocks,
                      sizes.count(0), list(live.values()).count(0))


class Tally:
    """Of a build of any kind."""
    name = "tally"
    OPTIONS = "heap=full:sizes=true"

    def __init__(self, mode):
        self.mode = mode

    def __str__(self):
        return f"tally {self.mode}"

    def would_say(self, totals):
        return totals

    def run(self, words, directory, is_cxx):
        del is_cxx
        ran = toolchain.run(words, directory, {"TALLY_OPTIONS": self.OPTIONS})
        [profiles] = directory.glob("*.tally")
        try:
            return ran, self.read(profiles)
        except FileNotFoundError as error:
            raise Failure(f"no profile: {error.filename}") from error

    def read(self, profiles):
        def total(kind, name):
            samples = pprof_decode.decode(profiles / f"{kind}.pb.gz", kind).samples
            return sum(sample.values[name] for sample in samples)

        totals = Totals(
            total("heap", "alloc_objects"), total("heap", "alloc_space"),
            total("heap", "inuse_objects"), total("heap", "inuse_space"),
            total("peak", "peak_space"), total("lifetime", "temporary_objects"),
            *self.empty_blocks(pprof_decode.decode(profiles / "heap.pb.gz", "heap")))
        run_json = json.loads((profiles / "run.json").read_text())
        self.check(totals, run_json["heap"], run_json["threads"])
        return totals

    @staticmethod
    def empty_blocks(heap):
        """All, and those live at exit. What was allocated before the options were known has no
        label; with empty blocks among that, DHAT's bytes would differ."""
        empty = [sample.values for sample in heap.samples if sample.labels.get("bytes") == 0]
        return tuple(sum(values[name] for values in empty)
                     for name in ("alloc_objects", "inuse_objects"))

    @staticmethod
    def check(totals, said, threads):
        """run.json says the same, and that nothing was lost. What was live when all threads
        together had most is not known to the last block."""
        expected = {"mode": "full", "allocated_objects": totals.blocks,
                    "allocated_bytes": totals.bytes, "inuse_objects": totals.live_blocks,
                    "inuse_bytes": totals.live_bytes, "peak_bytes": totals.peak_bytes,
                    "freed_objects": totals.blocks - totals.live_blocks,
                    "freed_bytes": totals.bytes - totals.live_bytes,
                    "blocks_unrecorded": 0, "frees_unmatched": 0}
        if threads > 1:
            del expected["peak_bytes"]
        wrong = [f"{key}: {said.get(key)}, the profiles have {value}"
                 for key, value in expected.items() if said.get(key) != value]
        if wrong:
            raise Failure(f"run.json: {'; '.join(wrong)}")
