/* hooked.h - functions compiled with -finstrument-functions: each enters and exits by the hooks. */
#ifndef HOOKED_H
#define HOOKED_H

#include <stdint.h>

void hooked_leaf(void);
void hooked_loop(int n); /* calls hooked_leaf n times from one place */
void hooked_two_sites(void);
unsigned hooked_fib(unsigned n);
void hooked_deep(int n);
void hooked_jumper(int n);      /* calls itself n times, then jumps back to the catcher */
void hooked_catcher(int n);     /* calls hooked_jumper(n), then hooked_leaf */
void hooked_may_jump(int jump); /* back to whichever of these called it, if `jump` */
void hooked_two_calls(void);    /* calls it twice from two places; the first one jumps */
void hooked_one_call(int n);    /* calls it n times from one place; all but the last jump */
void hooked_with_inlined(int n);
void hooked_lands(void (*callback)(void)); /* calls it, then hooked_with_large_frame */
extern uintptr_t hooked_landing;           /* stack pointer of that one, while it runs */
void hooked_jumps(void (*before)(void));   /* back to hooked_lands */
void hooked_with_large_frame(void);        /* calls hooked_leaf */
void hooked_runs(void (*callback)(void));
void hooked_calls(void (*callback)(void));

#endif
