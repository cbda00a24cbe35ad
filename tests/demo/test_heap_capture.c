/*
 * test_heap_capture.c - captures of the heap, with a stand-in for Tally's function that writes
 * them.
 */
#include "common/heap_capture.h"
#include "common/memory.h"
#include "scratch_folder.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(heap_capture, .init = scratch_make, .fini = scratch_remove);

int tally_heap_write(const char *path);

static char *written_path;
static int write_status;

int tally_heap_write(const char *path) {
    free(written_path);
    written_path = memory_copy_text(path, strlen(path));
    FILE *file = fopen(path, "wb");
    return file == NULL ? -errno : fclose(file) == 0 ? write_status : -errno;
}

Test(heap_capture, is_available_where_tally_is_linked) {
    cr_assert(heap_capture_is_available());
}

Test(heap_capture, writes_into_a_directory_that_it_makes) {
    char *directory = scratch_path("captures"), *before = scratch_path("captures/before.pb.gz");
    char *after = scratch_path("captures/after.pb.gz");
    cr_assert_eq(heap_capture_write(directory, "before.pb.gz"), 0);
    cr_assert_str_eq(written_path, before);
    cr_assert_eq(heap_capture_write(directory, "after.pb.gz"), 0);
    cr_assert_str_eq(written_path, after);
    free(written_path);
    free(after);
    free(before);
    free(directory);
}

Test(heap_capture, says_what_went_wrong) {
    char *no_parent = scratch_path("missing/captures");
    cr_assert_eq(heap_capture_write(no_parent, "before.pb.gz"), -ENOENT);
    free(no_parent);

    char *file = scratch_write("file", "", 0);
    cr_assert_eq(heap_capture_write(file, "before.pb.gz"), -ENOTDIR);
    free(file);

    char long_name[PATH_MAX];
    memset(long_name, 'x', sizeof(long_name) - 1);
    long_name[sizeof(long_name) - 1] = '\0';
    cr_assert_eq(heap_capture_write(scratch_folder, long_name), -ENAMETOOLONG);

    write_status = -ENOMEM;
    cr_assert_eq(heap_capture_write(scratch_folder, "before.pb.gz"), -ENOMEM);
    free(written_path);
}
