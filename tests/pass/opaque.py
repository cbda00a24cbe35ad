#!/usr/bin/env python3
"""Reads LLVM IR, writes it with opaque pointers, so that one test fits all versions.

LLVM 14 gives pointers types (i8*, { i8*, i32 }*) and casts between them; from 16 on there is only
`ptr`, and a cast is nothing. A filter on text: casts are taken out and their uses renamed. It knows
the IR that these tests look at, not all there is; text of newer versions passes unchanged.
"""

import re
import sys

# A pointer type whose pointee has no pointer type in it any more.
POINTER = re.compile(r"(?:i\d+|ptr|void|%[\w.\"]+|\{[^{}*]*\}|\[[^][*]*\]"
                     r"|(?:i\d+|ptr|void) \([^()*]*\))\*")
CAST = re.compile(r"bitcast \((?:ptr|i\d+) ([^()]*|getelementptr[^()]*\([^()]*\)) to ptr\)")
START = re.compile(r'getelementptr inbounds \(\[\d+ x i8\], ptr (@"[^"]*"|[^ ,]+), i32 0, i32 0\)')
CAST_LINE = re.compile(r"  (%[\w.]+) = bitcast ptr (.*) to ptr(?:,.*)?$")


def until_it_stays(pattern, replacement, text):
    while True:
        text, n = pattern.subn(replacement, text)
        if n == 0:
            return text


def rename(line, names):
    return re.sub(r"%[\w.]+", lambda found: names.get(found.group(), found.group()), line)


def main():
    names = {}  # of casts in the function at hand: what they cast
    for line in sys.stdin:
        line = until_it_stays(POINTER, "ptr", line.rstrip("\n"))
        line = START.sub(r"\1", until_it_stays(CAST, r"\1", line))
        if line.startswith("define"):
            names = {}
        cast = CAST_LINE.match(line)
        if cast:
            names[cast[1]] = rename(cast[2], names)
        else:
            print(rename(line, names))


if __name__ == "__main__":
    main()
