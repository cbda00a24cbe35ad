#!/usr/bin/env python3
"""tally-cc and tally-c++ as the compilers of real builds: by hand, make, configure, CMake, Meson."""

import os
import shutil
import unittest

from builds import LIBRARY_C, PROGRAM_C, PROGRAM_CC, BuildTest, with_each_compiler

BOTH = ("program_work", "library_work")

MAKEFILE = """
CFLAGS = -O1 -Wall -Werror
app: app.o libwork.so
\t$(CC) $(CFLAGS) -o $@ app.o -L. -lwork -Wl,-rpath,'$(CURDIR)'
libwork.so: work.o
\t$(CC) $(CFLAGS) -shared -o $@ work.o
work.o: CFLAGS += -fPIC
%.o: %.c
\t$(CC) $(CFLAGS) -MMD -c -o $@ $<
"""

CONFIGURE_AC = """
AC_INIT([app], [1])
AM_INIT_AUTOMAKE([foreign])
AC_PROG_CC
AC_PROG_CPP
LT_INIT([disable-static])
AC_CHECK_HEADERS([stdio.h no_such_header.h])
AC_CHECK_FUNCS([printf no_such_function])
AC_SEARCH_LIBS([cos], [m])
AC_CHECK_SIZEOF([long])
AC_RUN_IFELSE([AC_LANG_PROGRAM([], [[return 0;]])], [], [AC_MSG_ERROR([cannot run programs])])
save=$CFLAGS; CFLAGS="$CFLAGS -Werror"
AC_COMPILE_IFELSE([AC_LANG_PROGRAM()], [], [AC_MSG_ERROR([warnings when compiling])])
AC_LINK_IFELSE([AC_LANG_PROGRAM()], [], [AC_MSG_ERROR([warnings when linking])])
CFLAGS=$save
AC_CONFIG_FILES([Makefile])
AC_CONFIG_HEADERS([config.h])
AC_OUTPUT
"""

MAKEFILE_AM = """
lib_LTLIBRARIES = libwork.la
libwork_la_SOURCES = work.c
bin_PROGRAMS = app
app_SOURCES = app.c
app_LDADD = libwork.la
"""

CMAKELISTS = """
cmake_minimum_required(VERSION 3.18)
project(app C CXX)
find_package(Threads REQUIRED)
add_library(work SHARED work.c)
add_executable(app app.c)
target_link_libraries(app work Threads::Threads)
add_executable(appcc app.cc)
target_link_libraries(appcc work)
foreach(language C CXX)
  file(APPEND ${CMAKE_BINARY_DIR}/identity "${CMAKE_${language}_COMPILER_ID}\\n")
endforeach()
install(TARGETS app appcc work)
"""

MESON_BUILD = """
project('app', 'c', 'cpp')
work = shared_library('work', 'work.c')
executable('app', 'app.c', link_with: work)
executable('appcc', 'app.cc', link_with: work)
"""


class Builds(BuildTest):
    def write_sources(self):
        self.write("app.c", PROGRAM_C)
        self.write("work.c", LIBRARY_C)
        self.write("app.cc", PROGRAM_CC)

    # ---- by hand ----

    @with_each_compiler
    def test_one_command(self, _):
        self.write_sources()
        for options in ([], ["-O2", "-g"], ["-O3", "-Wall", "-Werror", "-no-pie"],
                        ["-Werror", "-pipe", "-flto"]):
            with self.subTest(options):
                self.run_well(self.cc, *options, "app.c", "work.c", "-o", "app", quiet=True)
                self.expect_profile(self.here / "app", BOTH)

    @with_each_compiler
    def test_separate_steps(self, _):
        self.write_sources()
        flags = ["-Werror", "-fplugin-arg-tally-exclude=no_such_function"]
        self.run_well(self.cc, *flags, "-O2", "-c", "app.c", quiet=True)
        self.run_well(self.cc, *flags, "-O2", "-S", "work.c", quiet=True)
        self.run_well(self.cc, *flags, "-c", "work.s", quiet=True)
        self.run_well(self.cc, *flags, "app.o", "work.o", "-o", "app", quiet=True)
        self.expect_profile(self.here / "app", BOTH)

    @with_each_compiler
    def test_standard_input_and_response_file(self, _):
        self.write("compile", "-x c -c - -o 'the app.o' -Werror")
        self.write("link", "'the app.o' 'the work.o'\n-o app")
        self.run_well(self.cc, "@compile", stdin=PROGRAM_C, quiet=True)
        self.run_well(self.cc, "-xc", "-", "-c", "-o", "the work.o", stdin=LIBRARY_C, quiet=True)
        self.run_well(self.cc, "@link", quiet=True)
        self.expect_profile(self.here / "app", BOTH)

    @with_each_compiler
    def test_cxx(self, _):
        self.write_sources()
        self.run_well(self.cc, "-O1", "-c", "work.c", quiet=True)
        self.run_well(self.cxx, "-O1", "-Werror", "app.cc", "work.o", "-o", "app", quiet=True)
        self.expect_profile(self.here / "app", ["Worker::method_work", "library_work"])

    @with_each_compiler
    def test_static(self, _):
        self.write_sources()
        for flag in ("-static", "-static-pie"):
            with self.subTest(flag):
                self.run_well(self.cc, "-Werror", flag, "-fPIE", "app.c", "work.c", "-o", "app")
                # A static program has no libtally.so to look beside for the symbolizer.
                settings = {"TALLY_OPTIONS": f"symbolizer={self.bin}/tally"}
                self.expect_profile(self.here / "app", BOTH, environment=settings)

    @with_each_compiler
    def test_header(self, _):
        self.write_sources()
        self.run_well(self.cc, "-DUSE_TALLY_H", "-Werror", "app.c", "work.c", "-o", "app")
        self.expect_profile(self.here / "app", BOTH)
        self.assertIn("tally_version",
                      self.run_well(self.cc, "-DUSE_TALLY_H", "-E", "app.c", quiet=True))

    @with_each_compiler
    def test_precompiled_header(self, _):
        self.write("all.h", "#include <stdio.h>\n")
        self.write_sources()
        self.run_well(self.cc, "-Werror", "all.h", quiet=True)
        self.run_well(self.cc, "-Werror", "-include", "all.h", "app.c", "work.c", "-o", "app")
        self.expect_profile(self.here / "app", BOTH)

    @with_each_compiler
    def test_failing_compile(self, _):
        self.write("app.c", "int main(void) { return undeclared; }\n")
        process = self.start(self.cc, "app.c", "-o", "app")
        self.assertEqual(process.returncode, 1)
        self.assertIn("undeclared", process.stderr)
        self.assertFalse((self.here / "app").exists())

    # ---- build systems ----

    @with_each_compiler
    def test_make(self, _):
        self.write_sources()
        self.write("Makefile", MAKEFILE)
        self.run_well("make", f"CC='{self.cc}'", quiet=True)
        self.expect_profile(self.here / "app", BOTH)

    @with_each_compiler
    def test_cmake(self, compiler):
        self.write_sources()
        self.write("CMakeLists.txt", CMAKELISTS)
        cmake = os.environ["TALLY_TEST_CMAKE"]
        installed = self.here / "installed"
        self.run_well(cmake, "-S", ".", "-B", "build", f"-DCMAKE_C_COMPILER={self.cc}",
                      f"-DCMAKE_CXX_COMPILER={self.cxx}", "-DCMAKE_BUILD_TYPE=Release",
                      f"-DCMAKE_INSTALL_PREFIX={installed}",
                      "-DCMAKE_INSTALL_RPATH=$ORIGIN/../lib", "-DCMAKE_INSTALL_LIBDIR=lib")
        identity = "GNU" if compiler == "gcc" else "Clang"
        self.assertEqual((self.here / "build" / "identity").read_text(), f"{identity}\n" * 2)
        self.run_well(cmake, "--build", "build")
        self.expect_profile(self.here / "build" / "app", BOTH)
        self.expect_profile(self.here / "build" / "appcc", ["method_work", "library_work"])
        self.run_well(cmake, "--install", "build")
        shutil.rmtree(self.here / "build")
        self.expect_profile(installed / "bin" / "app", BOTH)

    @unittest.skipUnless(shutil.which("meson"), "meson is not installed")
    @with_each_compiler
    def test_meson(self, _):
        self.write_sources()
        self.write("meson.build", MESON_BUILD)
        self.run_well("meson", "setup", "build", "--werror",
                      environment={"CC": f"'{self.cc}'", "CXX": f"'{self.cxx}'"})
        self.run_well("meson", "compile", "-C", "build")
        self.expect_profile(self.here / "build" / "app", BOTH)
        self.expect_profile(self.here / "build" / "appcc", ["method_work", "library_work"])


class Configure(BuildTest):
    directory_prefix = "tally-builds-"  # automake refuses blanks

    def setUp(self):
        """Makes the package, which is the same for all compilers."""
        super().setUp()
        if not shutil.which("libtoolize"):
            self.skipTest("autoconf, automake and libtool are not installed")
        self.here, self.environment = self.work / "package", dict(os.environ)
        self.write("app.c", PROGRAM_C)
        self.write("work.c", LIBRARY_C)
        self.write("configure.ac", CONFIGURE_AC)
        self.write("Makefile.am", MAKEFILE_AM)
        self.run_well("autoreconf", "-i")

    @with_each_compiler
    def test_configure(self, _):
        shutil.copytree(self.work / "package", self.here, dirs_exist_ok=True)
        self.run_well("./configure", f"--prefix={self.here}/installed",
                      environment={"CC": self.cc})
        config = (self.here / "config.h").read_text()
        self.assertIn("#define HAVE_STDIO_H 1", config)
        self.assertIn("#define HAVE_PRINTF 1", config)
        self.assertIn("#define SIZEOF_LONG 8", config)
        self.assertNotIn("NO_SUCH_HEADER_H 1", config)
        self.assertNotIn("NO_SUCH_FUNCTION 1", config)
        self.assertEqual([f for f in os.listdir(self.here) if f.startswith("conftest")], [])
        self.run_well("make", "install")
        self.expect_profile(self.here / "installed" / "bin" / "app", BOTH)


if __name__ == "__main__":
    unittest.main()
