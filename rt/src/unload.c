/*
 * unload.c - libraries that are unloaded, for functions that are known by address alone.
 *
 * The code that the plugin made says so itself when it goes away (units.c). With
 * -finstrument-functions nobody does, so dlclose is interposed. (A thread that loads a library into
 * the freed place before dlclose is back may have its first calls there counted as the old one's.)
 *
 * In libtally.so only: a static program has no next definition to call.
 */
#include "thread.h"

#include <dlfcn.h>
#include <link.h>

typedef int close_library(void *handle);

static close_library *next_dlclose;

__attribute__((constructor(101))) static void find_next(void) {
    next_dlclose = (close_library *)dlsym(RTLD_NEXT, "dlclose");
}

/* How many libraries were ever loaded, and unloaded. */
struct changes {
    unsigned long long loaded, unloaded;
};

static int read_changes(struct dl_phdr_info *info, size_t size, void *changes) {
    (void)size;
    *(struct changes *)changes = (struct changes){info->dlpi_adds, info->dlpi_subs};
    return 1;
}

static struct changes changes_until_now(void) {
    struct changes changes = {0, 0};
    dl_iterate_phdr(read_changes, &changes);
    return changes;
}

/* The number of those unloaded is glibc's guess when there are several namespaces, but if nothing
 * was loaded meanwhile it grows with each. */
__attribute__((visibility("default"))) int dlclose(void *handle) {
    if (!next_dlclose)
        find_next();
    struct changes before = changes_until_now();
    int status = next_dlclose(handle);
    struct changes after = changes_until_now();
    if (before.loaded != after.loaded || before.unloaded != after.unloaded)
        tli_hooks_unloaded();
    return status;
}
