"""Allocators of the program's own, known to the plugin: pools.pb.gz."""

import pools
import scripted
import toolchain
from scripted import ScriptedTest

NAMED = ("alloc=pool_get:size=2", "free=pool_put:ptr=2", "alloc=arena_*:size=1*2")
OBJECTS = ("alloc=store::Arena::take:size=2", "free=*4give*:ptr=2", "exclude=left_out",
           "alloc=store::Node::operator new:size=1")

# Objects and bytes that were handed out, and that were not taken back.
OF_POOL = {
    ("pool_get", "node"): (8, 192, 3, 72),
    ("pool_get", "last"): (1, 40, 0, 0),
    ("arena_take", "numbers"): (4, 128, 2, 64),
}
DECLARED = {
    ("checked", "text"): (1, 10, 0, 0),
    ("checked", "handed on"): (1, 15, 0, 0),
    ("checked_again", "larger"): (1, 1000, 0, 0),
    ("checked_again", "largest"): (1, 2000, 1, 2000),
    ("checked_zeroed", "zeroed"): (1, 15, 0, 0),
}
OF_OBJECTS = {
    ("store::Arena::take", "taken"): (2, 300, 0, 0),
    ("store::Arena::take", "through what is left out"): (1, 48, 1, 48),
    ("store::Node::operator new", "kept node"): (1, 8, 1, 8),
    ("store::Node::operator new", "deleted node"): (1, 8, 0, 0),
}


def plugin_arguments(options):
    return [f"-fplugin-arg-tally-{option}" for option in options]


class Pools(ScriptedTest):
    def run_pools(self, *options, source="pools.c", stdout="10 64\n", **more):
        program = self.build(source, extra=plugin_arguments(options))
        self.assertEqual(self.run_well(program, **more).stdout, stdout)
        return self.here / f"{program.name}.tally"

    @pools.each_debug_mode(("plugin",), "full")
    def test_each_call_is_a_site(self):
        directory = self.run_pools(*NAMED)
        self.assertEqual(pools.by_place(directory, "pools.c"), OF_POOL | DECLARED)
        self.expect(directory, "calls pool_get 11", "calls arena_take 5", "calls checked 2",
                    "calls node_new 8", "calls last 1")

    @pools.each_debug_mode(("plugin",), "full")
    def test_in_cxx(self):
        directory = self.run_pools(*OBJECTS, source="pools_objects.cpp", stdout="1\n")
        self.assertEqual(pools.by_place(directory, "pools_objects.cpp"), OF_OBJECTS)

    def test_paths(self):
        directory = self.run_pools(*NAMED)
        paths = {path: values for (kind, path, _), values in pools.read(directory).items()
                 if path[0] == "node_new"}
        self.assertEqual(paths, {("node_new", "keeps", "main"): (3, 72, 3, 72),
                                 ("node_new", "returns", "main"): (5, 120, 0, 0)})

    def test_by_attributes_alone(self):
        directory = self.run_pools()
        self.assertEqual(pools.by_place(directory, "pools.c"), DECLARED)

    def test_attributes_that_do_not_count(self):
        directory = self.run_pools(*NAMED, "alloc-attributes=off")
        self.assertEqual(pools.by_place(directory, "pools.c"), OF_POOL)

    def test_nothing_to_tell(self):
        directory = self.run_pools("alloc-attributes=off")
        self.assertFalse((directory / "pools.pb.gz").exists())

    def test_without_a_size(self):
        """As much as is declared; or nothing."""
        directory = self.run_pools("alloc=unsized", "alloc=checked")
        self.assertEqual(pools.by_place(directory, "pools.c"),
                         DECLARED | {("unsized", "unsized"): (1, 0, 0, 0)})

    def test_counts_only(self):
        directory = self.run_pools(*NAMED, options="heap=counts")
        types = pools.TYPES[:2]
        self.assertEqual(sum(values[1] for values in pools.read(directory, types).values()),
                         sum(values[1] for values in (OF_POOL | DECLARED).values()))

    def test_what_is_not_understood(self):
        for option in ("alloc", "alloc=", "alloc=f:size=", "alloc=f:size=0", "alloc=f:size=x",
                       "alloc=f:size=1*", "alloc=f:size=1*0", "alloc=f:sise=1", "alloc=f:1",
                       "alloc=:size=1", "free=", "free=f:ptr=0", "free=f:size=1", "free=f:ptr=",
                       "alloc=[:size=1", "alloc-attributes=maybe"):
            with self.subTest(option=option):
                self.assert_error(option, f"error: tally: plugin option '{option}'")

    def test_arguments_that_are_none(self):
        for option in ("alloc=pool_get:size=3", "alloc=pool_get:size=1"):
            self.assert_error(option, "a call of 'pool_get' is to be a size")
        for option in ("free=pool_put:ptr=3", "free=arena_take:ptr=1"):
            self.assert_error(option, "is to be a block, and is not a pointer")

    def assert_error(self, option, text):
        with self.assertRaises(toolchain.Failure) as failed:
            self.build("pools.c", extra=plugin_arguments([option]))
        self.assertIn(text, str(failed.exception))


if __name__ == "__main__":
    scripted.main()
