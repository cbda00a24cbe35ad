/* output.c - see output.h. */
#include "output.h"

#include "arena.h"
#include "clock.h"
#include "message.h"
#include "options.h"
#include "program.h"
#include "syscall.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>

struct text {
    char *at, *end; /* end: the last byte, kept for the terminator */
    bool cut;
};

static void put(struct text *t, const char *piece) {
    while (*piece && t->at < t->end)
        *t->at++ = *piece++;
    t->cut |= *piece != '\0';
}

static void put_number(struct text *t, uint64_t number, int width) {
    char digits[TLI_NUMBER_SIZE];
    const char *text = tli_number(number, digits);
    for (int missing = width - (int)strlen(text); missing > 0; missing--)
        put(t, "0");
    put(t, text);
}

/* Days since 1970-01-01 to a date: the proleptic Gregorian calendar counted in 400-year eras that
 * begin on 1 March, so that leap days come last. Local time would read files and take locks. */
static void put_utc(struct text *t, int64_t epoch_seconds) {
    int64_t seconds = epoch_seconds % 86400, days = epoch_seconds / 86400 + 719468;
    int64_t era = days / 146097, day_of_era = days % 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    put_number(t, (uint64_t)(era * 400 + year_of_era + (month <= 2)), 4);
    put_number(t, (uint64_t)month, 2);
    put_number(t, (uint64_t)(day_of_year - (153 * month_from_march + 2) / 5 + 1), 2);
    put(t, "-");
    put_number(t, (uint64_t)(seconds / 3600), 2);
    put_number(t, (uint64_t)(seconds / 60 % 60), 2);
    put_number(t, (uint64_t)(seconds % 60), 2);
}

static void put_host(struct text *t) {
    struct utsname name;
    if (!tli_syscall_failed(tli_syscall3(SYS_uname, (long)&name, 0, 0)))
        put(t, name.nodename);
}

static void put_expanded(struct text *t, char directive) {
    char unknown[] = {'%', directive, '\0'};
    switch (directive) {
    case 'e':
        put(t, tli_program.name);
        break;
    case 'p':
        put_number(t, (uint64_t)tli_program.pid, 0);
        break;
    case 'h':
        put_host(t);
        break;
    case 't':
        put_utc(t, tli_clock_start_epoch_ns() / 1000000000);
        break;
    case '%':
        put(t, "%");
        break;
    default:
        put(t, unknown);
    }
}

/* app.tally becomes app.1234.tally, any other name gets .1234 at its end. */
static void put_pid_before_suffix(struct text *t, char *start) {
    static const char suffix[] = ".tally";
    size_t length = (size_t)(t->at - start), n = sizeof suffix - 1;
    bool has_suffix = length > n && memcmp(t->at - n, suffix, n) == 0;
    if (has_suffix)
        t->at -= n;
    put(t, ".");
    put_number(t, (uint64_t)tli_program.pid, 0);
    if (has_suffix)
        put(t, suffix);
}

int tli_output_path(const char *pattern, char path[TLI_PATH_SIZE]) {
    /* Room is left for the longest ending that is put behind the name. */
    struct text t = {path, path + TLI_PATH_SIZE - 64, false};
    if (!pattern)
        pattern = tli_options.out;
    if (*pattern != '/') {
        put(&t, tli_program.working_directory);
        put(&t, "/");
    }
    bool has_pid = false;
    for (const char *p = pattern; *p; p++) {
        char plain[] = {*p, '\0'};
        if (*p != '%' || !p[1]) {
            put(&t, plain);
            continue;
        }
        p++;
        has_pid |= *p == 'p';
        put_expanded(&t, *p);
    }
    while (t.at > path + 1 && t.at[-1] == '/')
        t.at--;
    if (tli_program.forked && !has_pid)
        put_pid_before_suffix(&t, path);
    *t.at = '\0';
    return t.cut ? -ENAMETOOLONG : 0;
}

static long open_directory(const char *path) {
    return tli_syscall6(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0, 0,
                        0);
}

/* Calls `visit` with each name in the directory but . and .. */
static void each_entry(long fd, void (*visit)(long fd, const char *name, void *context),
                       void *context) {
    struct record {
        uint64_t inode;
        int64_t offset;
        unsigned short length;
        unsigned char type;
        char name[];
    };
    char buffer[2048] __attribute__((aligned(8)));
    long got;
    while ((got = tli_syscall3(SYS_getdents64, fd, (long)buffer, sizeof buffer)) > 0) {
        for (long at = 0; at < got;) {
            const struct record *r = (const void *)(buffer + at);
            at += r->length;
            if (strcmp(r->name, ".") != 0 && strcmp(r->name, "..") != 0)
                visit(fd, r->name, context);
        }
    }
}

static void remove_file(long fd, const char *name, void *context) {
    (void)context;
    tli_syscall3(SYS_unlinkat, fd, (long)name, 0);
}

/* With the files in it. Directories inside are left alone, and then so is this one. */
static void remove_directory(const char *path) {
    long fd = open_directory(path);
    if (tli_syscall_failed(fd))
        return;
    each_entry(fd, remove_file, NULL);
    tli_syscall3(SYS_close, fd, 0, 0);
    tli_syscall3(SYS_unlinkat, AT_FDCWD, (long)path, AT_REMOVEDIR);
}

static bool has_ending(const char *name, const char *ending) {
    size_t length = strlen(name), n = strlen(ending);
    return length >= n && strcmp(name + length - n, ending) == 0;
}

struct contents {
    bool any, run_json, foreign;
};

static void note_entry(long fd, const char *name, void *context) {
    (void)fd;
    struct contents *contents = context;
    bool run_json = strcmp(name, "run.json") == 0;
    contents->any = true;
    contents->run_json |= run_json;
    contents->foreign |= !run_json && !has_ending(name, ".pb.gz") && !has_ending(name, ".pb.zst");
}

/* A profile directory may be moved with whatever the user put into it, but is only removed when
 * all that is in it was written by Tally. */
enum purpose { TO_MOVE, TO_REMOVE };

static bool is_ours(const char *path, enum purpose purpose) {
    struct contents contents = {0};
    long fd = open_directory(path);
    if (tli_syscall_failed(fd))
        return false;
    each_entry(fd, note_entry, &contents);
    tli_syscall3(SYS_close, fd, 0, 0);
    return (contents.run_json || !contents.any) && !(purpose == TO_REMOVE && contents.foreign);
}

static bool exists(const char *path) {
    return tli_syscall6(SYS_faccessat, AT_FDCWD, (long)path, 0, 0, 0, 0) == 0;
}

static long rename_path(const char *from, const char *to) {
    return tli_syscall6(SYS_renameat, AT_FDCWD, (long)from, AT_FDCWD, (long)to, 0, 0);
}

static void with_ending(char out[TLI_PATH_SIZE], const char *path, const char *ending, uint64_t n) {
    struct text t = {out, out + TLI_PATH_SIZE - 1, false};
    put(&t, path);
    put(&t, ending);
    if (n)
        put_number(&t, n, 0);
    *t.at = '\0';
}

/* A directory that this process put into place, known by its file. One that takes the place of
 * another takes its entry here too, so there are as many as there are paths. */
struct written {
    struct written *next;
    dev_t device;
    ino_t inode;
};
static struct written *all_written; /* under the runtime's lock, as all writing */
static struct tli_arena written_arena;

static bool identify(const char *path, struct stat *status) {
    return tli_syscall6(SYS_newfstatat, AT_FDCWD, (long)path, (long)status, AT_SYMLINK_NOFOLLOW, 0,
                        0) == 0;
}

static struct written *find_written(const char *path) {
    struct stat there;
    if (!identify(path, &there))
        return NULL;
    for (struct written *w = all_written; w; w = w->next)
        if (w->device == there.st_dev && w->inode == there.st_ino)
            return w;
    return NULL;
}

/* `replaced`: the entry of what was at this path before; null if that was not this process's.
 * Without memory for an entry the next profile there will move this one aside. */
static void note_written(struct written *replaced, const char *path) {
    struct stat there;
    struct written *entry = replaced;
    if (!entry && (entry = tli_arena_alloc(&written_arena, sizeof *entry))) {
        entry->next = all_written;
        all_written = entry;
    }
    if (entry && identify(path, &there)) {
        entry->device = there.st_dev;
        entry->inode = there.st_ino;
    }
}

static int replace(const char *temporary, const char *path) {
    if (tli_syscall6(SYS_renameat2, AT_FDCWD, (long)temporary, AT_FDCWD, (long)path,
                     RENAME_EXCHANGE, 0) == 0) {
        remove_directory(temporary);
        return 0;
    }
    remove_directory(path); /* not all file systems can exchange two directories */
    return (int)rename_path(temporary, path);
}

static int move_aside(const char *path) {
    char old[TLI_PATH_SIZE];
    with_ending(old, path, ".old", 0);
    if (!is_ours(path, TO_MOVE) || (exists(old) && !is_ours(old, TO_REMOVE)))
        return -EEXIST;
    remove_directory(old);
    return (int)rename_path(path, old);
}

static int move_into_place(const char *temporary, const char *path) {
    struct written *earlier = find_written(path);
    int status = 0;
    if (earlier && is_ours(path, TO_REMOVE)) {
        status = replace(temporary, path);
    } else {
        if (exists(path))
            status = move_aside(path);
        if (status == 0)
            status = (int)rename_path(temporary, path);
    }
    if (status == 0)
        note_written(earlier, path);
    return status;
}

static int write_whole(const char *path, int (*fill)(int directory_fd, void *context),
                       void *context) {
    char temporary[TLI_PATH_SIZE];
    with_ending(temporary, path, ".tmp-", (uint64_t)tli_program.pid);
    remove_directory(temporary); /* a process of this id may have died while writing */
    long status = tli_syscall3(SYS_mkdirat, AT_FDCWD, (long)temporary, 0777);
    if (status != 0)
        return (int)status;
    long fd = open_directory(temporary);
    status = tli_syscall_failed(fd) ? fd : fill((int)fd, context);
    if (!tli_syscall_failed(fd))
        tli_syscall3(SYS_close, fd, 0, 0);
    if (status == 0)
        status = move_into_place(temporary, path);
    if (status != 0)
        remove_directory(temporary);
    return (int)status;
}

static int write_one(const char *path, int (*fill)(int fd, void *context), void *context) {
    char temporary[TLI_PATH_SIZE];
    with_ending(temporary, path, ".tmp-", (uint64_t)tli_program.pid);
    long fd = tli_syscall6(SYS_openat, AT_FDCWD, (long)temporary,
                           O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666, 0, 0);
    if (tli_syscall_failed(fd))
        return (int)fd;
    int status = fill((int)fd, context);
    long closed = tli_syscall3(SYS_close, fd, 0, 0);
    if (status == 0 && closed != -EINTR)
        status = (int)closed;
    if (status == 0)
        status = (int)rename_path(temporary, path);
    if (status != 0)
        tli_syscall3(SYS_unlinkat, AT_FDCWD, (long)temporary, 0);
    return status;
}

typedef int write_it(const char *path, int (*fill)(int fd, void *context), void *context);

/* A file that outgrows the limit of the process gives EFBIG, and a signal that would end it. */
static int write_unsignalled(write_it *write, const char *path, int (*fill)(int fd, void *context),
                             void *context) {
    uint64_t size_signal = UINT64_C(1) << (SIGXFSZ - 1), pending = 0, mask = tli_block_signals();
    struct timespec at_once = {0, 0};
    tli_syscall3(SYS_rt_sigpending, (long)&pending, sizeof pending, 0);
    int status = write(path, fill, context);
    if (!(pending & size_signal))
        tli_syscall6(SYS_rt_sigtimedwait, (long)&size_signal, 0, (long)&at_once, sizeof size_signal,
                     0, 0);
    tli_restore_signals(mask);
    return status;
}

int tli_output_write(const char *path, int (*fill)(int directory_fd, void *context),
                     void *context) {
    return write_unsignalled(write_whole, path, fill, context);
}

int tli_output_write_file(const char *path, int (*fill)(int fd, void *context), void *context) {
    return write_unsignalled(write_one, path, fill, context);
}
