/*
 * exec.c - the program becomes another one: what it did until then is written first.
 *
 *   execl, execle, execv, execve, fexecve, execveat     one file
 *   execlp, execvp, execvpe                             the first that runs along PATH; a file the
 *                                                       kernel does not know is a shell's script
 *
 * A profile is written once the file is there and may be run, so a search along PATH writes one. If
 * the kernel refuses all the same the program goes on, and its next profile replaces that one
 * (output.c). The exec itself is the bare system call: in a static program there is no other
 * definition of these functions behind ours. libc's own calls (posix_spawn, system, popen) do not
 * come here.
 *
 * Any thread, also in signal handlers and in the child of a vfork: that one shares its parent's
 * memory, in which it must leave nothing but errno. So no allocation here; the arrays are on the
 * stack, as large as the arguments ask for.
 */
#include "finish.h"
#include "own_stack.h"
#include "program.h"
#include "syscall.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))

/* What is to be run, as execveat(2) takes it. */
struct image {
    int directory;
    const char *path;
    int flags;
};

static bool is_plain(const struct image *image) {
    return image->directory == AT_FDCWD && image->flags == 0;
}

/* Directories may be "executed" too, hence the look at the type. */
static bool may_run(const struct image *image) {
    struct stat status;
    if (tli_syscall6(SYS_newfstatat, image->directory, (long)image->path, (long)&status,
                     image->flags, 0, 0) != 0 ||
        !S_ISREG(status.st_mode))
        return false;
    long allowed = tli_syscall6(SYS_faccessat2, image->directory, (long)image->path, X_OK,
                                AT_EACCESS | image->flags, 0, 0);
    return allowed == 0 || allowed == -ENOSYS ||
           allowed == -EPERM; /* before Linux 5.8; sandboxes */
}

static void write_profile(const void *unused) {
    (void)unused;
    tli_write_profile(NULL, "exec");
}

static int fail(long status) {
    errno = (int)-status;
    return -1;
}

/* Returns only if it fails. The plain case is asked for as programs, and their sandboxes, know it.
 */
static int become(struct image image, char *const argv[], char *const environment[]) {
    int kept = errno;
    if (tli_program_is_us() && may_run(&image))
        tli_on_own_stack(write_profile, NULL);
    errno = kept;
    if (is_plain(&image))
        return fail(tli_syscall3(SYS_execve, (long)image.path, (long)argv, (long)environment));
    return fail(tli_syscall6(SYS_execveat, image.directory, (long)image.path, (long)argv,
                             (long)environment, image.flags, 0));
}

static int become_file(const char *path, char *const argv[], char *const environment[]) {
    return become((struct image){AT_FDCWD, path, 0}, argv, environment);
}

static size_t count(char *const argv[]) {
    size_t n = 0;
    while (argv[n])
        n++;
    return n;
}

/* The profile was written when the script itself was tried. */
static int become_shell(const char *script, char *const argv[], char *const environment[]) {
    size_t n = count(argv);
    const char *words[n + 3];
    size_t to = 0;
    words[to++] = "/bin/sh";
    words[to++] = script;
    for (size_t i = 1; i < n; i++)
        words[to++] = argv[i];
    words[to] = NULL;
    return fail(tli_syscall3(SYS_execve, (long)words[0], (long)words, (long)environment));
}

static int become_file_or_script(const char *path, char *const argv[], char *const environment[]) {
    become_file(path, argv, environment);
    if (errno == ENOEXEC)
        become_shell(path, argv, environment);
    return -1;
}

/* Errors that mean "not here", and do not end a search. */
static bool is_elsewhere(int error) {
    return error == EACCES || error == ENOENT || error == ESTALE || error == ENOTDIR ||
           error == ENODEV || error == ETIMEDOUT;
}

/* An empty directory in the search path is the working directory. */
static void join(char *to, const char *directory, size_t length, const char *file) {
    memcpy(to, directory, length);
    if (length)
        to[length++] = '/';
    strcpy(to + length, file);
}

/* Directories whose names are too long are passed over, as glibc does. */
static int search(const char *file, char *const argv[], char *const environment[]) {
    const char *directory = getenv("PATH");
    if (!directory)
        directory = "/bin:/usr/bin";
    size_t longest = strnlen(directory, PATH_MAX - 1);
    char path[longest + strlen(file) + 2];
    bool denied = false;
    errno = ENOENT;
    for (;; directory++) {
        size_t length = strcspn(directory, ":");
        if (length <= longest) {
            join(path, directory, length, file);
            become_file_or_script(path, argv, environment);
            denied |= errno == EACCES;
            if (!is_elsewhere(errno))
                return -1;
        }
        directory += length;
        if (!*directory)
            break;
    }
    return denied ? fail(-EACCES) : -1;
}

PUBLIC int execve(const char *path, char *const argv[], char *const environment[]) {
    return become_file(path, argv, environment);
}

PUBLIC int execv(const char *path, char *const argv[]) {
    return become_file(path, argv, environ);
}

PUBLIC int execvpe(const char *file, char *const argv[], char *const environment[]) {
    if (strchr(file, '/'))
        return become_file_or_script(file, argv, environment);
    if (!*file)
        return fail(-ENOENT);
    if (strnlen(file, NAME_MAX + 1) > NAME_MAX)
        return fail(-ENAMETOOLONG);
    return search(file, argv, environment);
}

PUBLIC int execvp(const char *file, char *const argv[]) {
    return execvpe(file, argv, environ);
}

PUBLIC int execveat(int directory, const char *path, char *const argv[], char *const environment[],
                    int flags) {
    return become((struct image){directory, path, flags}, argv, environment);
}

PUBLIC int fexecve(int fd, char *const argv[], char *const environment[]) {
    if (fd < 0 || !environment)
        return fail(-EINVAL);
    return become((struct image){fd, "", AT_EMPTY_PATH}, argv, environment);
}

/* ---- The arguments one by one, with a null pointer behind the last. */

static size_t count_listed(va_list words) {
    size_t n = 0;
    va_list ahead;
    va_copy(ahead, words);
    while (va_arg(ahead, char *))
        n++;
    va_end(ahead);
    return n;
}

/* `argv` has room for the first, n - 1 more, and the null pointer, which is taken from `words`. */
static void collect(char *argv[], const char *first, va_list words, size_t n) {
    argv[0] = (char *)(uintptr_t)first;
    for (size_t i = 1; i <= n; i++)
        argv[i] = va_arg(words, char *);
}

PUBLIC int execl(const char *path, const char *first, ...) {
    va_list words;
    va_start(words, first);
    size_t n = 1 + count_listed(words);
    char *argv[n + 1];
    collect(argv, first, words, n);
    va_end(words);
    return execv(path, argv);
}

PUBLIC int execlp(const char *file, const char *first, ...) {
    va_list words;
    va_start(words, first);
    size_t n = 1 + count_listed(words);
    char *argv[n + 1];
    collect(argv, first, words, n);
    va_end(words);
    return execvp(file, argv);
}

PUBLIC int execle(const char *path, const char *first, ...) {
    va_list words;
    va_start(words, first);
    size_t n = 1 + count_listed(words);
    char *argv[n + 1];
    collect(argv, first, words, n);
    char *const *environment = va_arg(words, char *const *);
    va_end(words);
    return execve(path, argv, environment);
}
