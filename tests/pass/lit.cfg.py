"""lit's configuration: tests of what the plugin makes of IR, for one version of LLVM.

Given by CMakeLists.txt: --param version=, build_directory=, python=.

    %clang       that version's clang, with the plugin      %clangxx   likewise for C++
    %plain       … without it
    %plugin      the plugin's file
    %opt         opt with the plugin loaded as a pass plugin
    %to_ir       flags: IR as text on standard output, values named as in the source
    %opaque      a filter that makes typed pointers opaque ones, see opaque.py
    %check       FileCheck
"""

import os
import pathlib

import lit.formats

version = lit_config.params["version"]
root = pathlib.Path("/usr/lib") / f"llvm-{version}" / "bin"
plugin = f"{lit_config.params['build_directory']}/lib/tally/llvm-{version}/tally.so"

config.name = f"tally pass llvm-{version}"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".c", ".cpp", ".ll"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(os.getcwd(), f"lit-{version}")
config.available_features.add(f"llvm-{version}")

# Before %plain: lit replaces in this order, and by text alone.
config.substitutions += [
    ("%plugin", plugin),
    ("%plain", f"{root}/clang"),
    ("%clangxx", f"{root}/clang++ -fplugin={plugin}"),
    ("%clang", f"{root}/clang -fplugin={plugin}"),
    ("%opt", f"{root}/opt -load-pass-plugin={plugin}"),
    ("%to_ir", "-S -emit-llvm -fno-discard-value-names -o -"),
    ("%opaque", f"{lit_config.params['python']} {config.test_source_root}/opaque.py"),
    ("%check", f"{root}/FileCheck"),
]
