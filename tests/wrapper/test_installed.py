#!/usr/bin/env python3
"""What `cmake --install` leaves: moved elsewhere, it is found by CMake and pkg-config and works."""

import os
import shutil
import unittest

from builds import LIBRARY_C, PROGRAM_C, InstalledTest, with_each_compiler

BOTH = ("program_work", "library_work")

# Signatures with and without PRIVATE, so that tally_instrument must get along with both.
CMAKELISTS = """
cmake_minimum_required(VERSION 3.18)
project(app C)
find_package(Tally 0.1 REQUIRED)
add_library(work STATIC work.c)
add_executable(app app.c)
target_link_libraries(app work)
target_compile_definitions(app PRIVATE USE_TALLY_H)
tally_instrument(work)
tally_instrument(app OPTIONS {options})
add_executable(plain app.c work.c)
target_link_libraries(plain PRIVATE Tally::{library})
target_compile_definitions(plain PRIVATE USE_TALLY_H)
"""


class Installed(InstalledTest):
    directory_prefix = "tally-installed-"  # pkg-config escapes blanks for a shell that we do not use

    def cmake(self, compiler, options="", library="tally"):
        self.write("app.c", PROGRAM_C)
        self.write("work.c", LIBRARY_C)
        self.write("CMakeLists.txt", CMAKELISTS.format(options=options, library=library))
        return self.start(os.environ["TALLY_TEST_CMAKE"], "-S", ".", "-B", "build",
                          f"-DCMAKE_PREFIX_PATH={self.prefix}", f"-DCMAKE_C_COMPILER={compiler}")

    def build(self):
        self.run_well(os.environ["TALLY_TEST_CMAKE"], "--build", "build")

    def test_files(self):
        for name in ("bin/tally", "bin/tally-cc", "bin/tally-c++", "include/tally/tally.h"):
            self.assertTrue((self.prefix / name).exists(), name)
        self.assertEqual(os.readlink(self.prefix / "bin" / "tally-c++"), "tally-cc")
        libraries = {path.name for path in self.prefix.rglob("libtally.*")}
        self.assertLessEqual({"libtally.so", "libtally.a"}, libraries)
        self.assertTrue(list(self.prefix.rglob("tally/llvm-*/tally.so")))
        self.assertTrue((self.prefix / "share/doc/tally/LICENSE").exists())

    @with_each_compiler
    def test_wrapper(self, _):
        self.write("app.c", PROGRAM_C)
        self.write("work.c", LIBRARY_C)
        self.run_well(self.prefix / "bin" / "tally-cc", "-DUSE_TALLY_H", "app.c", "work.c", "-o",
                      "app", quiet=True)
        self.expect_profile(self.here / "app", BOTH)

    @with_each_compiler
    def test_find_package(self, name):
        process = self.cmake(name or "clang-14", "exclude=*no_such_function*")
        self.assertEqual(process.returncode, 0, process.stderr)
        self.build()
        self.expect_profile(self.here / "build" / "app", BOTH)

    @with_each_compiler
    def test_find_package_with_the_wrapper(self, _):
        process = self.cmake(self.prefix / "bin" / "tally-cc")
        self.assertEqual(process.returncode, 0, process.stderr)
        self.build()
        self.expect_profile(self.here / "build" / "app", BOTH)

    @with_each_compiler
    def test_runtime_alone(self, name):
        top = self.here
        for library in ("tally", "tally_static"):
            with self.subTest(library):
                self.here = top / library
                self.here.mkdir()
                process = self.cmake(name or "clang-14", library=library)
                self.assertEqual(process.returncode, 0, process.stderr)
                self.build()
                self.assertEqual(self.run_well(self.here / "build" / "plain"), "42\n")

    @with_each_compiler
    def test_find_package_refuses(self, name):
        if name == "gcc":
            message = self.cmake(name, "include=x").stderr
            self.assertIn("with gcc, only exclude=NAME", " ".join(message.split()))
        elif name:
            self.cmake(name)
            shutil.rmtree(self.here / "build")
            process = self.start(
                os.environ["TALLY_TEST_CMAKE"], "-S", ".", "-B", "build",
                f"-DCMAKE_PREFIX_PATH={self.prefix}", f"-DCMAKE_C_COMPILER={name}",
                "-DCMAKE_C_COMPILER_VERSION=99.1.0", "-DCMAKE_C_COMPILER_ID=Clang",
                "-DCMAKE_C_COMPILER_FORCED=TRUE", "-DCMAKE_C_COMPILER_ID_RUN=TRUE")
            self.assertNotEqual(process.returncode, 0)
            self.assertIn("Clang 99, for which Tally has no plugin",
                          " ".join(process.stderr.split()))

    @with_each_compiler
    def test_pkg_config(self, name):
        self.write("app.c", PROGRAM_C)
        self.write("work.c", LIBRARY_C)
        path = next(self.prefix.rglob("tally.pc")).parent
        flags = self.run_well("pkg-config", "--cflags", "--libs", "tally",
                              environment={"PKG_CONFIG_PATH": str(path)}).split()
        plugins = self.run_well("pkg-config", "--variable=plugindir", "tally",
                                environment={"PKG_CONFIG_PATH": str(path)}).strip()
        instrument = (["-finstrument-functions"] if name == "gcc" else
                      [f"-fplugin={plugins}/llvm-14/tally.so"])
        self.run_well(name or "clang-14", *instrument, "-DUSE_TALLY_H", "app.c", "work.c",
                      "-o", "app", *flags)
        self.expect_profile(self.here / "app", BOTH)


if __name__ == "__main__":
    unittest.main()
