/*
 * test_file.c - profiles as files: compression, limits, broken files, and what is left behind.
 */
#include "dump.h"
#include "random_profile.h"
#include "tally/pprof.h"
#include "temporary.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

static struct tally_pprof_profile *profile;
static struct tally_pprof_error error;
static char *directory, *path;

static void begin(void) {
    profile = random_profile(5, 30);
    directory = make_directory();
    path = path_in(directory, "profile");
}

static void end(void) {
    tally_pprof_free(profile);
    free(path);
    remove_directory(directory);
}

TestSuite(file, .init = begin, .fini = end);

static enum tally_pprof_status write_as(enum tally_pprof_compression compression) {
    return tally_pprof_write(profile, path, compression, &error);
}

static enum tally_pprof_status read_from(const char *from,
                                         const struct tally_pprof_limits *limits) {
    struct tally_pprof_profile *back;
    enum tally_pprof_status status = tally_pprof_read(from, limits, &back, &error);
    cr_assert_eq(status == TALLY_PPROF_OK, back != NULL);
    cr_assert_eq(status, error.status);
    cr_assert_null(strchr(error.message, '\n'));
    if (back != NULL) {
        char *before = dump_profile(profile), *after = dump_profile(back);
        cr_assert_str_eq(before, after);
        free(before);
        free(after);
        tally_pprof_free(back);
    }
    return status;
}

static enum tally_pprof_status read_it(const struct tally_pprof_limits *limits) {
    return read_from(path, limits);
}

static const enum tally_pprof_compression all[] = {TALLY_PPROF_GZIP, TALLY_PPROF_ZSTD,
                                                   TALLY_PPROF_PLAIN};

Test(file, every_compression_comes_back_whatever_the_name) {
    const char magic[3][3] = {"\x1f\x8b", "\x28\xb5", "\x0a"};
    for (int i = 0; i < 3; i++) {
        size_t size;
        cr_assert_eq(write_as(all[i]), TALLY_PPROF_OK, "%s", error.message);
        uint8_t *bytes = read_bytes(path, &size);
        cr_assert_eq(memcmp(bytes, magic[i], strlen(magic[i])), 0);
        free(bytes);
        cr_assert_eq(read_it(NULL), TALLY_PPROF_OK, "%s", error.message);
        cr_assert_eq(count_files(directory), 1, "no temporary file is left");
    }
}

Test(file, a_large_profile_in_every_compression) {
    tally_pprof_free(profile);
    profile = random_profile(6, 5000);
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(write_as(all[i]), TALLY_PPROF_OK);
        cr_assert_eq(read_it(NULL), TALLY_PPROF_OK, "%s", error.message);
    }
}

Test(file, new_files_have_the_usual_permissions) {
    struct stat status;
    umask(027);
    cr_assert_eq(write_as(TALLY_PPROF_GZIP), TALLY_PPROF_OK);
    cr_assert_eq(stat(path, &status), 0);
    cr_assert_eq(status.st_mode & 0777, 0640);
}

Test(file, a_link_stays_and_its_target_is_replaced) {
    char *link = path_in(directory, "link");
    struct stat status;
    write_bytes(path, "old", 3);
    cr_assert_eq(symlink("profile", link), 0);
    cr_assert_eq(tally_pprof_write(profile, link, TALLY_PPROF_GZIP, &error), TALLY_PPROF_OK);
    cr_assert_eq(lstat(link, &status), 0);
    cr_assert(S_ISLNK(status.st_mode));
    cr_assert_eq(read_it(NULL), TALLY_PPROF_OK);
    free(link);
}

Test(file, a_full_device) {
    struct stat status;
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(tally_pprof_write(profile, "/dev/full", all[i], &error), TALLY_PPROF_IO);
        cr_assert_str_eq(error.message, "No space left on device");
    }
    cr_assert_eq(stat("/dev/full", &status), 0);
    cr_assert(S_ISCHR(status.st_mode), "a device is written to, not replaced");
}

Test(file, a_directory_that_is_not_there) {
    char *lost = path_in(directory, "no/such/place");
    cr_assert_eq(tally_pprof_write(profile, lost, TALLY_PPROF_GZIP, &error), TALLY_PPROF_IO);
    cr_assert_str_eq(error.message, "No such file or directory");
    free(lost);
}

Test(file, a_directory_that_cannot_be_written) {
    /* For root every directory can be written, so become somebody else; Criterion forks. */
    cr_assert_eq(chmod(directory, 0555), 0);
    cr_assert(geteuid() != 0 || seteuid(65534) == 0);
    cr_assert_eq(write_as(TALLY_PPROF_GZIP), TALLY_PPROF_IO);
    cr_assert_str_eq(error.message, "Permission denied");
    cr_assert(getuid() != 0 || seteuid(0) == 0);
    cr_assert_eq(chmod(directory, 0755), 0);
    cr_assert_eq(count_files(directory), 0);
}

Test(file, a_failure_leaves_the_old_file_as_it_was) {
    size_t size;
    write_bytes(path, "old", 3);
    profile->default_sample_type = "nonsense";
    cr_assert_eq(write_as(TALLY_PPROF_GZIP), TALLY_PPROF_INVALID);
    cr_assert(strstr(error.message, "nonsense") != NULL);
    uint8_t *bytes = read_bytes(path, &size);
    cr_assert_str_eq((char *)bytes, "old");
    free(bytes);
    cr_assert_eq(count_files(directory), 1);
}

Test(file, unreadable_places) {
    cr_assert_eq(read_it(NULL), TALLY_PPROF_IO);
    cr_assert_str_eq(error.message, "No such file or directory");
    cr_assert_eq(mkdir(path, 0755), 0);
    cr_assert_eq(read_it(NULL), TALLY_PPROF_IO);
    cr_assert_str_eq(error.message, "Is a directory");
    cr_assert_eq(rmdir(path), 0);
}

Test(file, an_empty_file) {
    write_bytes(path, "", 0);
    cr_assert_eq(read_it(NULL), TALLY_PPROF_EMPTY);
}

Test(file, not_a_profile) {
    write_bytes(path, "hello, world\n", 13);
    cr_assert_eq(read_it(NULL), TALLY_PPROF_NOT_A_PROFILE);
    write_bytes(path, "x", 1);
    cr_assert_eq(read_it(NULL), TALLY_PPROF_NOT_A_PROFILE);
    gzFile gz = gzopen(path, "wb");
    gzputs(gz, "hello, world\n");
    gzclose(gz);
    cr_assert_eq(read_it(NULL), TALLY_PPROF_NOT_A_PROFILE);
}

Test(file, a_pipe) {
    size_t size;
    int ends[2];
    char name[64];
    cr_assert_eq(write_as(TALLY_PPROF_GZIP), TALLY_PPROF_OK);
    uint8_t *bytes = read_bytes(path, &size);
    cr_assert_eq(pipe(ends), 0);
    if (fork() == 0) {
        for (size_t i = 0; i < size; i++) /* byte by byte: reads are short */
            if (write(ends[1], bytes + i, 1) != 1)
                _exit(1);
        _exit(0);
    }
    close(ends[1]);
    snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
    struct tally_pprof_profile *back;
    cr_assert_eq(tally_pprof_read(name, NULL, &back, &error), TALLY_PPROF_OK, "%s", error.message);
    tally_pprof_free(back);
    free(bytes);
}

Test(file, standard_output_and_input) {
    struct tally_pprof_profile *back;
    int out = open(path, O_RDWR | O_CREAT, 0600), kept_out = dup(1), kept_in = dup(0);
    dup2(out, 1);
    enum tally_pprof_status status = tally_pprof_write(profile, "-", TALLY_PPROF_ZSTD, &error);
    dup2(kept_out, 1);
    cr_assert_eq(status, TALLY_PPROF_OK);
    lseek(out, 0, SEEK_SET);
    dup2(out, 0);
    status = tally_pprof_read("-", NULL, &back, &error);
    dup2(kept_in, 0);
    cr_assert_eq(status, TALLY_PPROF_OK, "%s", error.message);
    cr_assert_eq(back->n_samples, profile->n_samples);
    tally_pprof_free(back);
    close(out);
}

/* ---- limits ---- */

Test(file, limits_on_what_goes_in_and_what_comes_out) {
    for (int i = 0; i < 3; i++) {
        size_t size, plain_size;
        uint8_t *plain;
        cr_assert_eq(write_as(all[i]), TALLY_PPROF_OK);
        cr_assert_eq(tally_pprof_encode(profile, &plain, &plain_size, NULL), TALLY_PPROF_OK);
        free(plain);
        free(read_bytes(path, &size));
        struct tally_pprof_limits just = {.compressed_bytes = size, .plain_bytes = plain_size};
        struct tally_pprof_limits in = just, out = just;
        in.compressed_bytes--;
        out.plain_bytes--;
        cr_assert_eq(read_it(&just), TALLY_PPROF_OK, "%s", error.message);
        cr_assert_eq(read_it(&in), TALLY_PPROF_TOO_LARGE);
        cr_assert_eq(read_it(&out), TALLY_PPROF_TOO_LARGE);
    }
}

static const char zeros[1 << 20];

static void write_gzip_bomb(int n_mebibytes) {
    gzFile gz = gzopen(path, "wb9");
    for (int i = 0; i < n_mebibytes; i++)
        gzwrite(gz, zeros, sizeof zeros);
    gzclose(gz);
}

static void write_zstd_bomb(int n_mebibytes) {
    static char out[1 << 16];
    ZSTD_CCtx *stream = ZSTD_createCCtx();
    FILE *file = fopen(path, "wb");
    for (int i = 0; i < n_mebibytes; i++) {
        ZSTD_inBuffer in = {zeros, sizeof zeros, 0};
        ZSTD_EndDirective end = i == n_mebibytes - 1 ? ZSTD_e_end : ZSTD_e_continue;
        for (size_t left = 1; left != 0 && (end == ZSTD_e_end || in.pos < in.size);) {
            ZSTD_outBuffer piece = {out, sizeof out, 0};
            left = ZSTD_compressStream2(stream, &piece, &in, end);
            fwrite(out, 1, piece.pos, file);
        }
    }
    fclose(file);
    ZSTD_freeCCtx(stream);
}

Test(file, a_decompression_bomb) {
    static void (*const write_bomb[])(int) = {write_gzip_bomb, write_zstd_bomb};
    for (int i = 0; i < 2; i++) {
        struct tally_pprof_limits limits = {.plain_bytes = 1 << 20};
        write_bomb[i](16);
        cr_assert_eq(read_it(&limits), TALLY_PPROF_TOO_LARGE);
        cr_assert_str_eq(error.message, "expands to more than 1048576 bytes");
        cr_assert_eq(read_it(NULL), TALLY_PPROF_NOT_A_PROFILE, "16 MiB are no bomb");
        write_bomb[i](300);
        cr_assert_eq(read_it(NULL), TALLY_PPROF_TOO_LARGE);
        cr_assert_str_eq(error.message, "expands to more than 128 times its size");
        limits = (struct tally_pprof_limits){.expansion = 1};
        cr_assert_eq(read_it(&limits), TALLY_PPROF_TOO_LARGE);
        cr_assert_str_eq(error.message, "expands to more than 1 times its size");
        limits = (struct tally_pprof_limits){.expansion = SIZE_MAX};
        cr_assert_eq(read_it(&limits), TALLY_PPROF_NOT_A_PROFILE, "%s", error.message);
    }
}

/* What a profile takes while it is read, it may take; not less. Read, it may grow. */
Test(file, a_limit_on_memory) {
    struct tally_pprof_limits limits = {.memory_bytes = 1};
    struct tally_pprof_profile *back;
    cr_assert_eq(write_as(TALLY_PPROF_GZIP), TALLY_PPROF_OK);
    enum tally_pprof_status status = tally_pprof_read(path, &limits, &back, &error);
    for (size_t step = 1024; status == TALLY_PPROF_TOO_LARGE; limits.memory_bytes += step) {
        cr_assert(strstr(error.message, "takes more than ") != NULL, "%s", error.message);
        cr_assert_null(back);
        status = tally_pprof_read(path, &limits, &back, &error);
    }
    cr_assert_eq(status, TALLY_PPROF_OK, "%s", error.message);
    cr_assert_gt(limits.memory_bytes, 4096);
    for (int i = 0; i < 100000; i++) {
        char comment[16];
        snprintf(comment, sizeof comment, "%d", i);
        cr_assert(tally_pprof_add_comment(back, comment));
    }
    tally_pprof_free(back);
}

/* ---- broken files ---- */

Test(file, every_cut) {
    int fd = memory_file();
    char *name = path_of_fd(fd);
    for (int i = 0; i < 2; i++) {
        size_t size;
        cr_assert_eq(write_as(all[i]), TALLY_PPROF_OK);
        uint8_t *bytes = read_bytes(path, &size);
        for (size_t cut = 0; cut < size; cut++) {
            set_contents(fd, bytes, cut);
            enum tally_pprof_status status = read_from(name, NULL);
            if (cut == 0)
                cr_assert_eq(status, TALLY_PPROF_EMPTY);
            else if (cut < 4)
                cr_assert(status == TALLY_PPROF_NOT_A_PROFILE || status == TALLY_PPROF_TRUNCATED);
            else
                cr_assert_eq(status, TALLY_PPROF_TRUNCATED, "cut at %zu: %s", cut, error.message);
        }
        free(bytes);
    }
    free(name);
    close(fd);
}

/* gzip has a CRC, zstd a checksum: a flipped bit is either in the header, where it may be of no
 * consequence, or found. read_it compares what is read with what was written. */
Test(file, every_flipped_bit) {
    int fd = memory_file();
    char *name = path_of_fd(fd);
    for (int i = 0; i < 2; i++) {
        size_t size, harmless = 0;
        cr_assert_eq(write_as(all[i]), TALLY_PPROF_OK);
        uint8_t *bytes = read_bytes(path, &size);
        for (size_t bit = 0; bit < 8 * size; bit++) {
            bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
            set_contents(fd, bytes, size);
            enum tally_pprof_status status = read_from(name, NULL);
            harmless += status == TALLY_PPROF_OK;
            cr_assert_neq(status, TALLY_PPROF_IO);
            cr_assert_neq(status, TALLY_PPROF_NO_MEMORY);
            cr_assert_neq(status, TALLY_PPROF_INVALID);
            bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        cr_assert_leq(harmless, 100, "%zu flips went unnoticed", harmless);
        free(bytes);
    }
    free(name);
    close(fd);
}

Test(file, bytes_behind_the_end) {
    for (int i = 0; i < 2; i++) {
        size_t size;
        cr_assert_eq(write_as(all[i]), TALLY_PPROF_OK);
        uint8_t *bytes = read_bytes(path, &size), *longer = malloc(size + 8);
        memcpy(longer, bytes, size);
        memcpy(longer + size, "trailing", 8);
        write_bytes(path, longer, size + 8);
        cr_assert_eq(read_it(NULL), TALLY_PPROF_CORRUPT, "%s", error.message);
        free(bytes);
        free(longer);
    }
}

Test(file, a_profile_in_several_members) {
    uint8_t *plain;
    size_t size;
    cr_assert_eq(tally_pprof_encode(profile, &plain, &size, NULL), TALLY_PPROF_OK);
    for (size_t part = 0; part < 3; part++) {
        gzFile gz = gzopen(path, part == 0 ? "wb" : "ab");
        size_t from = size * part / 3, to = size * (part + 1) / 3;
        gzwrite(gz, plain + from, (unsigned)(to - from));
        gzclose(gz);
    }
    free(plain);
    cr_assert_eq(read_it(NULL), TALLY_PPROF_OK, "%s", error.message);
}
