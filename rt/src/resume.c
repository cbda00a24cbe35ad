/*
 * resume.c - a function goes on after frames below it were skipped.
 *
 * Called with the function's own node behind each landing pad and behind each call that returns
 * twice (setjmp). The contexts that were skipped never exit; what they and the unwinder spent is
 * charged to the innermost of them. Its slot need not be restored: the function sets it before its
 * next call.
 */
#include "hotpath.h"

void __tally_resume(struct tally_node *node) {
    struct tally_tls *tls = &__tally_tls;
    if (tls->cur != node)
        tli_transition(tls, tls->cur, node);
}
