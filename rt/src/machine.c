/* machine.c - see machine.h. */
#include "machine.h"

#include "arena.h"
#include "syscall.h"

#include <cpuid.h>
#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>

enum { FIRST_BRAND_LEAF = 0x80000002u, BRAND_LEAVES = 3, LEAF_BYTES = 16 };

/* The processor's name for itself, without the blanks that some have around it. */
static const char *processor_name(struct tli_arena *arena) {
    char brand[BRAND_LEAVES * LEAF_BYTES + 1] = "";
    for (unsigned i = 0; i < BRAND_LEAVES; i++) {
        unsigned words[LEAF_BYTES / sizeof(unsigned)];
        if (!__get_cpuid(FIRST_BRAND_LEAF + i, &words[0], &words[1], &words[2], &words[3]))
            return "";
        memcpy(brand + (size_t)i * LEAF_BYTES, words, sizeof words);
    }
    char *start = brand + strspn(brand, " ");
    for (size_t length = strlen(start); length && start[length - 1] == ' '; length--)
        start[length - 1] = '\0';
    return tli_arena_copy_text(arena, start);
}

/* Reads a number at *at and moves it behind; false if there is none. */
static bool take_number(const char **at, const char *end, uint32_t *number) {
    const char *start = *at;
    for (*number = 0; *at < end && **at >= '0' && **at <= '9'; ++*at)
        if (__builtin_mul_overflow(*number, 10, number) ||
            __builtin_add_overflow(*number, (uint32_t)(**at - '0'), number))
            return false;
    return *at > start;
}

uint32_t tli_count_listed(const char *list, size_t length) {
    const char *at = list, *end = list + length;
    uint32_t count = 0, first, last;
    for (;;) {
        if (!take_number(&at, end, &first))
            return 0;
        last = first;
        if (at < end && *at == '-' && (at++, !take_number(&at, end, &last) || last < first))
            return 0;
        if (__builtin_add_overflow(count, last - first, &count) ||
            __builtin_add_overflow(count, 1, &count))
            return 0;
        if (at == end || *at != ',')
            return at == end || *at == '\n' ? count : 0;
        at++;
    }
}

static uint32_t processors_online(void) {
    char list[1024];
    long fd = tli_syscall6(SYS_openat, AT_FDCWD, (long)"/sys/devices/system/cpu/online",
                           O_RDONLY | O_CLOEXEC, 0, 0, 0);
    if (tli_syscall_failed(fd))
        return 0;
    long length = tli_syscall3(SYS_read, fd, (long)list, sizeof list);
    tli_syscall3(SYS_close, fd, 0, 0);
    return length > 0 ? tli_count_listed(list, (size_t)length) : 0;
}

struct tally_machine tli_machine(struct tli_arena *arena) {
    struct tally_machine machine = {"", "", "", processors_online()};
    struct utsname names;
    machine.processor = processor_name(arena);
    if (!tli_syscall_failed(tli_syscall3(SYS_uname, (long)&names, 0, 0))) {
        machine.architecture = tli_arena_copy_text(arena, names.machine);
        machine.kernel = tli_arena_copy_text(arena, names.release);
    }
    return machine;
}
