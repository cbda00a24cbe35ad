/*
 * syscall.h - system calls without libc.
 *
 * Used where libc must not be: on the slow path of an entry (libc's wrappers may touch vector
 * registers and errno, and can be interposed by the program), and in signal handlers.
 * Returns the result, or -errno in [-4095, -1]. Always inlined: symbolize.c makes a child that
 * shares the stack, in which no frame may be left before it execs.
 */
#ifndef TLI_SYSCALL_H
#define TLI_SYSCALL_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>

#if !defined(__x86_64__)
#error "Tally's runtime knows x86-64 only"
#endif

static inline __attribute__((always_inline)) long tli_syscall6(long number, long a, long b, long c,
                                                               long d, long e, long f) {
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

static inline __attribute__((always_inline)) long tli_syscall3(long number, long a, long b,
                                                               long c) {
    return tli_syscall6(number, a, b, c, 0, 0, 0);
}

static inline bool tli_syscall_failed(long result) {
    return (unsigned long)result >= (unsigned long)-4095;
}

/* All signals of the calling thread, and back to what was blocked before. */
static inline __attribute__((always_inline)) uint64_t tli_block_signals(void) {
    uint64_t all = ~(uint64_t)0, old = 0;
    tli_syscall6(SYS_rt_sigprocmask, SIG_BLOCK, (long)&all, (long)&old, sizeof all, 0, 0);
    return old;
}

static inline __attribute__((always_inline)) void tli_restore_signals(uint64_t old) {
    tli_syscall6(SYS_rt_sigprocmask, SIG_SETMASK, (long)&old, 0, sizeof old, 0, 0);
}

#endif
