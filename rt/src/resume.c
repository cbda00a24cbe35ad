/*
 * resume.c - a function goes on after frames below it were skipped.
 *
 * Called with the function's own node, and who is charged while it runs, behind each landing pad
 * and behind each call that returns twice (setjmp). The contexts that were skipped never exit; what
 * they and the unwinder spent is charged to the innermost of them. Its slot need not be restored:
 * the function sets it before its next call.
 */
#include "entry_points.h"
#include "sampling.h"

void __tally_resume(struct tally_node *node, struct tally_node *charged) {
    struct tally_tls *tls = &__tally_tls;
    tls->cur = node;
    if (tls->charged != charged)
        tli_charge(tls, charged);
}
