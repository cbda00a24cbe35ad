/*
 * modules.h - where the code of functions that are known by address alone was mapped.
 *
 * When a library is unloaded, the next one may be loaded in its place. So that an address in a
 * profile is of one function only, each stay of a file at a place is an image, and an image whose
 * place in the profile is taken by an earlier one is moved to where no program has code:
 *
 *   run time           7f10000 ── a.so ── unloaded ── b.so ── unloaded ── a.so (the same image)
 *   in the profile     7f10000    a.so                        moved, to 2^56 or above: b.so
 *
 * An image is for the life of the process, and is the same one when the file is mapped there again.
 */
#ifndef TLI_MODULES_H
#define TLI_MODULES_H

#include "tally/snapshot.h"

#include <stdatomic.h>
#include <stdbool.h>

struct tli_image {
    struct tli_image *next;
    struct tally_module module; /* at its addresses in the profile */
    const char *file;           /* device and inode */
    uint64_t moved_by;          /* address in the profile minus address at run time */
    bool found;                 /* by tli_images_look_again, while it looks */
    _Atomic bool mapped;
};

/* The image that is mapped at `address`, which a function was called at. Null if there is none, or
 * it cannot be found out. Any thread, also in signal handlers. */
const struct tli_image *tli_image_at(const void *address);

/* Something was unloaded: finds out which images are no longer mapped. */
void tli_images_look_again(void);

void tli_images_forked(void); /* in the child */

/* The address in the profile of a call that `caller` made from `address`. */
uint64_t tli_call_in_profile(const struct tally_function *caller, uint64_t address);

#endif
