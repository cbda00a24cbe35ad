/* program.c - see program.h. */
#include "program.h"

#include "arena.h"
#include "syscall.h"

#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>

enum { PATH_SIZE = 4096 };

static const char *const no_arguments[] = {NULL};
struct tli_program tli_program = {no_arguments, "", "program", "", 0, false};
static struct tli_arena arena;

static const char *copy(const char *text, size_t length) {
    char *memory = tli_arena_alloc(&arena, length + 1);
    return memory ? memcpy(memory, text, length) : "";
}

static const char *const *copy_arguments(int argc, char **argv) {
    const char **memory = tli_arena_alloc(&arena, ((size_t)argc + 1) * sizeof *memory);
    if (!memory)
        return no_arguments;
    for (int i = 0; i < argc; i++)
        memory[i] = copy(argv[i], strlen(argv[i]));
    return memory;
}

bool tli_program_is_us(void) {
    return tli_syscall3(SYS_getpid, 0, 0, 0) == tli_program.pid;
}

void tli_program_start(int argc, char **argv) {
    char path[PATH_SIZE];
    tli_program.pid = (pid_t)tli_syscall3(SYS_getpid, 0, 0, 0);
    tli_program.argv = copy_arguments(argc, argv);
    long length = tli_syscall6(SYS_readlinkat, AT_FDCWD, (long)"/proc/self/exe", (long)path,
                               sizeof path, 0, 0);
    if (!tli_syscall_failed(length))
        tli_program.executable = copy(path, (size_t)length);
    const char *full = *tli_program.executable ? tli_program.executable : argc > 0 ? argv[0] : "";
    const char *slash = strrchr(full, '/');
    const char *name = slash ? slash + 1 : full;
    if (*name)
        tli_program.name = copy(name, strlen(name));
    length = tli_syscall3(SYS_getcwd, (long)path, sizeof path, 0);
    if (!tli_syscall_failed(length))
        tli_program.working_directory = copy(path, (size_t)length - 1);
}

bool tli_program_tries_the_compiler(void) {
    static const char *const names[] = {"conftest", "output.exe", "sanitycheckc.exe",
                                        "sanitycheckcpp.exe"};
    static const char cmake_prefix[] = "cmTC_";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(tli_program.name, names[i]) == 0)
            return true;
    return strncmp(tli_program.name, cmake_prefix, sizeof cmake_prefix - 1) == 0;
}

void tli_program_forked(void) {
    tli_program.pid = (pid_t)tli_syscall3(SYS_getpid, 0, 0, 0);
    tli_program.forked = true;
}
