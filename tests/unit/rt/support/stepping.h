/*
 * stepping.h - a signal after every instruction of what lies between two points of a test.
 *
 * The processor's trap flag raises SIGTRAP after each instruction. At each trap at which a signal
 * could have come, that is, while signals are not blocked, `step` is called.
 *
 *   stepping_set_up(step);
 *   stepping_on();  …  stepping_off();
 *
 * A step that has nothing left to do calls stepping_done(): the rest runs without a trap.
 *
 * A trap while SIGTRAP is blocked would end the process. So where the code is about to block
 * signals by a system call of its own, SIGTRAP is taken out of the set; whether signals are blocked
 * is told by another one. Code that blocks signals in other ways must not be stepped through.
 */
#ifndef STEPPING_H
#define STEPPING_H

void stepping_set_up(void (*step)(void));
void stepping_done(void);

/* Writing below the red zone, so that nothing of the function it is inlined into is hit. */
static inline __attribute__((always_inline)) void stepping_on(void) {
    __asm__ volatile("lea -128(%%rsp), %%rsp\n\t"
                     "pushfq\n\t"
                     "orq $0x100, (%%rsp)\n\t"
                     "popfq\n\t"
                     "lea 128(%%rsp), %%rsp" ::
                         : "memory", "cc");
}

static inline __attribute__((always_inline)) void stepping_off(void) {
    __asm__ volatile("lea -128(%%rsp), %%rsp\n\t"
                     "pushfq\n\t"
                     "andq $~0x100, (%%rsp)\n\t"
                     "popfq\n\t"
                     "lea 128(%%rsp), %%rsp" ::
                         : "memory", "cc");
}

#endif
