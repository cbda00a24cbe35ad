/*
 * test_common.c - the demo's helpers: buffers, random numbers, formatting, files, directories.
 */
#include "common/directory_walk.h"
#include "common/file_reader.h"
#include "common/md5.h"
#include "common/memory.h"
#include "common/random.h"
#include "common/string_buffer.h"
#include "common/text_format.h"
#include "scratch_folder.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Test(string_buffer, grows_and_stays_terminated) {
    struct string_buffer buffer = STRING_BUFFER_EMPTY;
    for (int i = 0; i < 1000; i++) {
        string_buffer_append_text(&buffer, "ab");
        cr_assert_eq(buffer.size_bytes, 2 * ((size_t)i + 1));
        cr_assert_eq(buffer.data[buffer.size_bytes], '\0');
    }
    cr_assert(buffer.capacity_bytes > buffer.size_bytes);
    string_buffer_append(&buffer, "x\0y", 3);
    cr_assert_eq(memcmp(buffer.data + 1998, "abx\0y", 6), 0);
    string_buffer_free(&buffer);
    cr_assert_null(buffer.data);
}

Test(string_buffer, detaches_even_when_empty) {
    struct string_buffer buffer = STRING_BUFFER_EMPTY;
    char *text = string_buffer_detach(&buffer);
    cr_assert_str_eq(text, "");
    free(text);
    string_buffer_append_text(&buffer, "kept");
    text = string_buffer_detach(&buffer);
    cr_assert_str_eq(text, "kept");
    cr_assert_eq(buffer.size_bytes, 0);
    free(text);
}

/* Published by the authors of the generators. */
Test(random, matches_reference_values) {
    uint64_t state = 0;
    cr_assert_eq(random_split_mix(&state), UINT64_C(0xe220a8397b1dcdaf));
    cr_assert_eq(random_split_mix(&state), UINT64_C(0x6e789e6aa1b965f4));
    cr_assert_eq(random_split_mix(&state), UINT64_C(0x06c45d188009454f));

    struct random_generator generator = {{1, 2, 3, 4}};
    static const uint64_t expected[] = {11520, 0, 1509978240, UINT64_C(1215971899390074240)};
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        cr_assert_eq(random_next(&generator), expected[i]);
    }
}

Test(random, stays_below_its_bound_and_reaches_all_of_it) {
    struct random_generator generator = random_seeded(42);
    size_t seen[20] = {0};
    for (int i = 0; i < 20000; i++) {
        uint32_t value = random_below(&generator, 20);
        cr_assert_lt(value, 20);
        seen[value]++;
    }
    for (int i = 0; i < 20; i++) { /* 1000 expected; the seed is fixed, so this is too */
        cr_assert(seen[i] > 850 && seen[i] < 1150, "%d came %zu times", i, seen[i]);
    }
    cr_assert_eq(random_below(&generator, 1), 0);
}

Test(text_format, writes_hex) {
    char text[9];
    format_hex((const unsigned char *)"\x00\x0f\xa5\xff", 4, text);
    cr_assert_str_eq(text, "000fa5ff");
}

static void assert_printable(const char *bytes, size_t size_bytes, const char *expected) {
    char *text = format_printable(bytes, size_bytes);
    cr_assert_str_eq(text, expected);
    free(text);
}

Test(text_format, makes_anything_printable) {
    assert_printable("plain", 5, "plain");
    assert_printable("gr\xc3\xbc\xc3\x9f", 6, "gr\xc3\xbc\xc3\x9f");
    assert_printable("\xe2\x82\xac\xf0\x9f\x98\x80", 7, "\xe2\x82\xac\xf0\x9f\x98\x80");
    assert_printable("a\x1b[1m\n", 6, "a\xef\xbf\xbd[1m\xef\xbf\xbd");
    assert_printable("\xfc", 1, "\xef\xbf\xbd");
    assert_printable("\xc3", 1, "\xef\xbf\xbd");                                 /* cut off */
    assert_printable("\xc0\xaf", 2, "\xef\xbf\xbd\xef\xbf\xbd");                 /* overlong */
    assert_printable("\xed\xa0\x80", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); /* surrogate */
    assert_printable("\xc2\x9b", 2, "\xef\xbf\xbd\xef\xbf\xbd"); /* control, as one character */
    assert_printable("", 0, "");
}

static void assert_quantity(void (*format)(uint64_t, char *), uint64_t quantity,
                            const char *expected) {
    char text[FORMAT_QUANTITY_BYTES];
    format(quantity, text);
    cr_assert_str_eq(text, expected);
}

Test(text_format, picks_units) {
    assert_quantity(format_size, 0, "0 B");
    assert_quantity(format_size, 1023, "1023 B");
    assert_quantity(format_size, 1536, "1.5 KiB");
    assert_quantity(format_size, UINT64_C(3) << 30, "3.0 GiB");
    assert_quantity(format_duration, 999, "999 ns");
    assert_quantity(format_duration, 1500, "1.5 us");
    assert_quantity(format_duration, 12300000, "12.3 ms");
    assert_quantity(format_duration, UINT64_C(2500000000), "2.50 s");
}

/* ---- files ---- */

static void write_file(const char *name, const char *bytes, size_t size_bytes) {
    free(scratch_write(name, bytes, size_bytes));
}

static void make_directory(const char *name) {
    char *path = scratch_path(name);
    cr_assert_eq(mkdir(path, 0700), 0);
    free(path);
}

static void assert_refused(const char *name, size_t limit_bytes, int error) {
    char *path = scratch_path(name);
    struct string_buffer contents = STRING_BUFFER_EMPTY;
    cr_assert_eq(file_read_whole(path, limit_bytes, &contents), -error, "%s", name);
    cr_assert_null(contents.data);
    free(path);
}

TestSuite(files, .init = scratch_make, .fini = scratch_remove);

Test(files, reads_what_is_there) {
    char large[10000];
    memset(large, 'x', sizeof(large));
    write_file("large", large, sizeof(large));
    write_file("empty", "", 0);
    struct string_buffer contents = STRING_BUFFER_EMPTY;
    char *path = scratch_path("large");
    cr_assert_eq(file_read_whole(path, sizeof(large), &contents), 0);
    cr_assert_eq(contents.size_bytes, sizeof(large));
    cr_assert_eq(memcmp(contents.data, large, sizeof(large)), 0);
    string_buffer_free(&contents);
    free(path);

    path = scratch_path("empty");
    cr_assert_eq(file_read_whole(path, 1, &contents), 0);
    cr_assert_eq(contents.size_bytes, 0);
    cr_assert_str_eq(contents.data, "");
    string_buffer_free(&contents);
    free(path);
}

/* Its size is told as 0: only reading on finds the end. */
Test(files, reads_a_file_of_unknown_size) {
    struct string_buffer contents = STRING_BUFFER_EMPTY;
    cr_assert_eq(file_read_whole("/proc/self/status", 1 << 20, &contents), 0);
    cr_assert_not_null(strstr(contents.data, "Pid:"));
    string_buffer_free(&contents);
}

Test(files, refuses_what_is_no_file_of_the_right_size) {
    write_file("ten", "0123456789", 10);
    make_directory("inner");
    char *fifo = scratch_path("fifo");
    cr_assert_eq(mkfifo(fifo, 0600), 0);
    free(fifo);
    assert_refused("missing", 100, ENOENT);
    assert_refused("inner", 100, EINVAL);
    assert_refused("fifo", 100, EINVAL); /* and does not wait for a writer */
    assert_refused("ten", 9, EFBIG);
    struct string_buffer contents = STRING_BUFFER_EMPTY; /* size unknown: told while reading */
    cr_assert_eq(file_read_whole("/proc/self/status", 10, &contents), -EFBIG);
}

Test(files, tells_text_from_other_bytes) {
    cr_assert(text_is_plain("", 0));
    cr_assert(text_is_plain("a\tb\r\n\f\x1b[m", 9));
    cr_assert(text_is_plain("gr\xc3\xbc\xfc", 5));
    cr_assert_not(text_is_plain("a\0b", 3));
    cr_assert_not(text_is_plain("\x7f"
                                "ELF\x02",
                                5));
    cr_assert_not(text_is_plain("\x1f\x8b\x08", 3));
}

struct walk_record {
    char files[256], skipped[256];
};

static void record_name(char *list, const char *path) {
    strcat(strcat(list, path + strlen(scratch_folder) + 1), " ");
}

static void record_file(void *context, const char *path) {
    record_name(((struct walk_record *)context)->files, path);
}

static void record_skipped(void *context, const char *path, int error) {
    cr_assert_eq(error, 0);
    record_name(((struct walk_record *)context)->skipped, path);
}

Test(files, walks_in_byte_order_and_not_through_links) {
    make_directory("b");
    write_file("b/2", "", 0);
    write_file("b/10", "", 0);
    write_file("a", "", 0);
    write_file("C", "", 0);
    char *link = scratch_path("link");
    cr_assert_eq(symlink("b", link), 0);

    struct walk_record record = {"", ""};
    struct walk_visitor visitor = {record_file, record_skipped, &record};
    const char *roots[] = {scratch_folder}, *failed_root = NULL;
    cr_assert_eq(directory_walk(roots, 1, &visitor, &failed_root), 0);
    cr_assert_str_eq(record.files, "C a b/10 b/2 ");
    cr_assert_str_eq(record.skipped, "link ");

    record = (struct walk_record){"", ""};
    roots[0] = link; /* named as a root, it is followed */
    cr_assert_eq(directory_walk(roots, 1, &visitor, &failed_root), 0);
    cr_assert_str_eq(record.files, "link/10 link/2 ");
    free(link);
}

Test(files, names_the_root_that_fails) {
    struct walk_record record = {"", ""};
    struct walk_visitor visitor = {record_file, record_skipped, &record};
    char *dangling = scratch_path("dangling");
    cr_assert_eq(symlink("nowhere", dangling), 0);
    const char *const bad_roots[] = {"/nonexistent/directory", "", dangling};
    for (size_t i = 0; i < 3; i++) {
        const char *roots[] = {scratch_folder, bad_roots[i]}, *failed_root = NULL;
        cr_assert_eq(directory_walk(roots, 2, &visitor, &failed_root), -ENOENT);
        cr_assert_eq(failed_root, bad_roots[i]);
    }
    free(dangling);
}

Test(md5, one_digest_does_for_many_contents) {
    char hash[MD5_TEXT_BYTES];
    struct md5 *digest = md5_new();
    cr_assert_not_null(digest);
    md5_update(digest, "ab", 2);
    md5_update(digest, "c", 1);
    cr_assert(md5_finish(digest, hash));
    cr_assert_str_eq(hash, "900150983cd24fb0d6963f7d28e17f72");
    cr_assert(md5_finish(digest, hash));
    cr_assert_str_eq(hash, "d41d8cd98f00b204e9800998ecf8427e");
    md5_update(digest, "abc", 3);
    cr_assert(md5_finish(digest, hash));
    cr_assert_str_eq(hash, "900150983cd24fb0d6963f7d28e17f72");
    md5_free(digest);
    md5_free(NULL);
}
