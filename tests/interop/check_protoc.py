"""Reads profiles of ours with Google's own protobuf parser, which also insists on UTF-8."""

import argparse
import gzip
import os
import subprocess
import sys
import tempfile

SKIPPED = 77


def decode(arguments, case):
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([arguments.write, case, directory], check=True)
        with gzip.open(os.path.join(directory, "calls.pb.gz")) as file:
            plain = file.read()
    command = [
        arguments.protoc,
        "--decode=perftools.profiles.Profile",
        f"--proto_path={os.path.dirname(arguments.proto)}",
        os.path.basename(arguments.proto),
    ]
    result = subprocess.run(command, input=plain, capture_output=True)
    return result.returncode, result.stdout.decode(), result.stderr.decode()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--protoc", required=True)
    parser.add_argument("--write", required=True)
    parser.add_argument("--proto", required=True)
    arguments = parser.parse_args()
    if not os.access(arguments.protoc, os.X_OK):
        print("protoc is not installed (Debian: protobuf-compiler)")
        return SKIPPED
    failures = 0
    for case, types in (("export", 2), ("adaptive", 3), ("off", 1), ("gzip", 2), ("merged", 2)):
        status, text, errors = decode(arguments, case)
        lines = text.splitlines()
        found = {
            "exit status": (status, 0),
            "stderr": (errors, ""),
            "samples": (lines.count("sample {"), 8),
            "locations": (lines.count("location {"), 10),
            "functions": (lines.count("function {"), 4),
            "mappings": (lines.count("mapping {"), 2),
            "sample types": (lines.count("sample_type {"), types),
            # protoc shows fields it does not know by their bare number
            "unknown fields": (sum(line.strip()[:1].isdigit() for line in lines), 0),
            "string 0": ([line for line in lines if line.startswith("string_table")][:1],
                         ['string_table: ""']),
        }
        for what, (actual, expected) in found.items():
            if actual != expected:
                print(f"{case}: {what}: expected {expected!r}, got {actual!r}")
                failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
