/*
 * symbolize.h - functions and lines for the addresses of a profile that have none.
 *
 * An address stands for a place in a file: address - memory_start + file_offset of its mapping.
 * The file is used only if it is the one the profile was taken from: its build id is compared, or,
 * when the profile knows none, its time of change. A file that is gone or has changed leaves its
 * addresses as they are, with a note.
 */
#ifndef TALLY_CLI_SYMBOLIZE_H
#define TALLY_CLI_SYMBOLIZE_H

#include "tally/pprof.h"

#include <stddef.h>

struct symbolize_result {
    size_t wanted;   /* locations without functions */
    size_t resolved; /* of them, now with functions */
};

/* Replaces *profile by a copy with functions if there is anything to resolve. `result` may be
 * null. Files that cannot be used are said, and are no failure. */
void symbolize_profile(struct tally_pprof_profile **profile, struct symbolize_result *result);

#endif
