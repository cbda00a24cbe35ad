/*
 * enter_x86_64.S - an entry whose slot holds another function's node.
 *
 *   __tally_enter_slow(rdi: slot, rsi: function) -> rax: node; the slot holds it then
 *
 * A call site that reaches several functions (by a pointer, a virtual call, call-backs from code
 * that is not instrumented) comes here at most of its calls. Which node it reached when it last
 * called this function is remembered by the thread:
 *
 *   tli_self->reached[hash(slot, function)] = { slot, node }
 *
 * The node knows its function. Slots that belong to no context are never there. What is not there
 * is found by tli_enter_slow, in enter.c.
 *
 * The C code uses general registers only, but for the first entry of a thread, which calls libc.
 * Only then are vector and x87 registers saved too, by xsave (or fxsave where the system has none).
 */
#include "edge_x86_64.h"

        .text

#define XSAVE_MASK 0xe7         /* x87, SSE, AVX, AVX-512: ends at byte 2688 of the area */
#define XSAVE_AREA 2752

        .globl  __tally_enter_slow
        .type   __tally_enter_slow, @function
        .p2align 6
__tally_enter_slow:
        .cfi_startproc
        endbr64
        movq    tli_self@gottpoff(%rip), %r11
        movq    %fs:(%r11), %r11
        testq   %r11, %r11
        jz      5f
        leaq    (%rdi, %rsi), %rax      /* tli_reached() in thread.h is the same in C */
        imulq   $REACHED_FACTOR, %rax, %rax
        shrq    $REACHED_SHIFT, %rax
        andl    $REACHED_MASK, %eax
        shlq    $REACHED_SIZE_LOG2, %rax
        addq    %rax, %r11
        cmpq    %rdi, (%r11)
        jne     5f
        movq    8(%r11), %rax
        cmpq    %rsi, NODE_FN(%rax)
        jne     5f
        movq    %rax, (%rdi)
        ret

5:      SAVE_GENERAL
        leaq    tli_bootstrap_slot(%rip), %r11
        cmpq    %r11, %rdi
        je      1f
        call    tli_enter_slow
        .cfi_remember_state
        RESTORE_GENERAL
        ret
        .cfi_restore_state

1:      subq    $XSAVE_AREA, %rsp
        andq    $-64, %rsp
        cmpb    $0, tli_has_xsave(%rip)
        je      2f
        xorl    %eax, %eax              /* xrstor wants the header's reserved bytes zero */
        movq    %rax, 512(%rsp)
        movq    %rax, 520(%rsp)
        movq    %rax, 528(%rsp)
        movq    %rax, 536(%rsp)
        movq    %rax, 544(%rsp)
        movq    %rax, 552(%rsp)
        movq    %rax, 560(%rsp)
        movq    %rax, 568(%rsp)
        movl    $XSAVE_MASK, %eax
        xorl    %edx, %edx
        xsave64 (%rsp)
        call    tli_enter_slow
        movq    %rax, %r11
        movl    $XSAVE_MASK, %eax
        xorl    %edx, %edx
        xrstor64 (%rsp)
        movq    %r11, %rax
        jmp     3f
2:      fxsave64 (%rsp)
        call    tli_enter_slow
        fxrstor64 (%rsp)
3:      RESTORE_GENERAL
        ret
        .cfi_endproc
        .size   __tally_enter_slow, . - __tally_enter_slow

        .section .note.GNU-stack, "", @progbits
