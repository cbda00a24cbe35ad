/*
 * scratch_folder.c - see scratch_folder.h.
 */
#include "scratch_folder.h"

#include "common/memory.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>

char scratch_folder[] = "/tmp/tally-demo-test-XXXXXX";

void scratch_make(void) {
    cr_assert_not_null(mkdtemp(scratch_folder));
}

void scratch_remove(void) {
    char *command = memory_format("rm -rf '%s'", scratch_folder);
    cr_assert_eq(system(command), 0);
    free(command);
}

char *scratch_path(const char *name) {
    return memory_format("%s/%s", scratch_folder, name);
}

char *scratch_write(const char *name, const char *bytes, size_t size_bytes) {
    char *path = scratch_path(name);
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(bytes, 1, size_bytes, file), size_bytes);
    cr_assert_eq(fclose(file), 0);
    return path;
}
