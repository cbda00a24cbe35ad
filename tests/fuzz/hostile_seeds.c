/* hostile_seeds.c - see hostile_seeds.h. */
#include "hostile_seeds.h"

#define BYTES(text) (text), sizeof(text) - 1
#define WHOLE(name, text)                                                                          \
    { name, BYTES(text), "", 0, 0, "", 0 }
#define REPEATED(name, head, item, times, tail)                                                    \
    { name, BYTES(head), BYTES(item), times, BYTES(tail) }

/* A profile's beginning: one type of values, its strings, function 1, location 1. */
#define TYPE "\x0a\x04\x08\x01\x10\x02"
#define STRINGS                                                                                    \
    "\x32\x00\x32\x05"                                                                             \
    "calls"                                                                                        \
    "\x32\x05"                                                                                     \
    "count"
#define FUNCTION "\x2a\x04\x08\x01\x10\x01"
#define LOCATION "\x22\x06\x08\x01\x22\x02\x08\x01"
#define START TYPE STRINGS FUNCTION LOCATION
#define HIGHEST "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" /* 2^64-1 */
#define LARGEST "\xff\xff\xff\xff\xff\xff\xff\xff\x7f"     /* 2^63-1 */

const struct hostile_seed hostile_plain[] = {
    WHOLE("good", START "\x12\x04\x08\x01\x10\x05"),
    WHOLE("length-beyond-the-end", START "\x12" HIGHEST),
    WHOLE("overlong-number", START "\x48\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"),
    WHOLE("groups", START "\x33\x12\x04\x08\x01\x10\x05\x34"),
    WHOLE("field-0", START "\x02\x00"),
    WHOLE("dangling-location", START "\x12\x04\x08\x63\x10\x05"),
    WHOLE("dangling-function", START "\x22\x06\x08\x02\x22\x02\x08\x63"),
    WHOLE("dangling-mapping", START "\x22\x04\x08\x02\x10\x63"),
    WHOLE("id-0", START "\x22\x02\x08\x00"),
    WHOLE("id-twice", START LOCATION),
    WHOLE("highest-id", START "\x22\x0b\x08" HIGHEST "\x12\x0d\x08" HIGHEST "\x10\x05"),
    WHOLE("largest-line",
          START "\x22\x10\x08\x02\x22\x0c\x08\x01\x10" LARGEST "\x12\x04\x08\x02\x10\x05"),
    WHOLE("largest-values", START "\x12\x0c\x08\x01\x10" LARGEST "\x12\x04\x08\x01\x10\x01"),
    WHOLE(
        "lowest-values", START
        "\x12\x0d\x08\x01\x10\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01\x12\x0d\x08\x01\x10" HIGHEST),
    WHOLE("string-beyond-the-table", START "\x70" LARGEST),
    WHOLE("negative-string", START "\x70" HIGHEST),
    WHOLE("null-in-a-string", START "\x32\x03"
                                    "a\0b"),
    WHOLE("label-of-both-kinds", START "\x12\x0c\x08\x01\x10\x05\x1a\x06\x08\x01\x10\x02\x18\x07"),
    REPEATED("types", START, TYPE, 300, ""),
    REPEATED("strings", START, "\x32\x00", 2000, ""),
    REPEATED("comments", START, "\x68\x01", 2000, ""),
    REPEATED("samples", START, "\x12\x04\x08\x01\x10\x05", 1000, ""),
    REPEATED("stack", START "\x12\xa2\x1f", "\x08\x01", 2000, "\x10\x05"),
    REPEATED("packed-stack", START "\x12\xa5\x1f\x0a\xa0\x1f", "\x01", 4000, "\x10\x05"),
    REPEATED("inlined", START "\x22\xc2\x3e\x08\x02", "\x22\x02\x08\x01", 2000,
             "\x12\x04\x08\x02\x10\x05"),
    REPEATED("empty-lines", START "\x22\xa2\x1f\x08\x02", "\x22\x00", 2000, ""),
    REPEATED("empty-labels", START "\x12\xa4\x1f\x08\x01", "\x1a\x00", 2000, "\x10\x05"),
    REPEATED("unknown-fields", START "\x12\xa4\x1f\x08\x01", "\x7a\x00", 2000, "\x10\x05"),
    REPEATED("values", START "\x12\xa2\x1f\x08\x01", "\x10\x01", 2000, ""),
    {0},
};

#define GZIP "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
#define ZSTD "\x28\xb5\x2f\xfd"

/* A stored block of deflate, as all of a file; a run of zstd is 128 KiB in four bytes. */
const struct hostile_seed hostile_files[] = {
    WHOLE("gzip-header-alone", GZIP),
    WHOLE("gzip-stored", GZIP "\x01\x04\x00\xfb\xff" TYPE),
    WHOLE("gzip-wrong-checksum", GZIP "\x03\x00\x01\x02\x03\x04\x00\x00\x00\x00"),
    WHOLE("gzip-reserved-block", GZIP "\x07\x00"),
    REPEATED("gzip-empty-blocks", GZIP, "\x00\x00\x00\xff\xff", 1000, ""),
    REPEATED("gzip-empty-members", "", GZIP "\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00", 300, ""),
    WHOLE("zstd-header-alone", ZSTD),
    WHOLE("zstd-largest-window", ZSTD "\x00\xff\x01\x00\x00"),
    WHOLE("zstd-absurd-size", ZSTD "\xe0\xff\xff\xff\xff\xff\xff\xff\x7f\x01\x00\x00"),
    WHOLE("zstd-dictionary", ZSTD "\x03\x58\xff\xff\xff\xff\x01\x00\x00"),
    REPEATED("zstd-runs", ZSTD "\x00\x58", "\x02\x00\x10\x32", 1000, "\x03\x00\x10\x32"),
    REPEATED("zstd-empty-frames", "", ZSTD "\x00\x58\x01\x00\x00", 300, ""),
    REPEATED("zstd-skippable-frames", ZSTD "\x00\x58\x01\x00\x00",
             "\x50\x2a\x4d\x18\x01\x00\x00\x00\x00", 300, ""),
    {0},
};
