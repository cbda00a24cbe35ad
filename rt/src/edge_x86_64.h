/*
 * edge_x86_64.h - for what compiled code calls on the edges of its hot path.
 *
 * The calls stand at the very start of a function, where argument registers are live, and before
 * its return, where the result is; the compiler is told that nothing is clobbered (preserve_all)
 * but r11, and rax where there is a result, so that the hot path stays free of spills.
 *
 * The C code behind them uses general registers only (with one exception: enter_x86_64.S), so
 * saving those is enough. Calls come here at any alignment the caller's frame has, so the stack is
 * aligned by hand.
 *
 * Where fields are, and how tli_reached() hashes, is said here once; C checks it (sampling.c).
 */
#ifndef TLI_EDGE_X86_64_H
#define TLI_EDGE_X86_64_H

#define TLS_SLOT 0
#define TLS_CUR 8
#define TLS_CHARGED 16
#define TLS_LAST 24
#define NODE_SELF 56
#define NODE_FN 64
#define NODE_CALLS 72
#define NODE_DUE 80
#define NODE_FRAME 88
/* tli_thread.reached, which it begins with, by hash of slot and function. */
#define REACHED_FACTOR 0x1e3779b1
#define REACHED_SHIFT 30
#define REACHED_MASK 1023
#define REACHED_SIZE_LOG2 4 /* of one */

#ifdef __ASSEMBLER__
/* clang-format off */

.macro SAVE_GENERAL
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbp, 0
        movq    %rsp, %rbp
        .cfi_def_cfa_register %rbp
        pushq   %rcx
        pushq   %rdx
        pushq   %rsi
        pushq   %rdi
        pushq   %r8
        pushq   %r9
        pushq   %r10
        andq    $-16, %rsp
.endm

.macro RESTORE_GENERAL cfa=8
        leaq    -56(%rbp), %rsp
        popq    %r10
        popq    %r9
        popq    %r8
        popq    %rdi
        popq    %rsi
        popq    %rdx
        popq    %rcx
        popq    %rbp
        .cfi_def_cfa %rsp, \cfa
        .cfi_restore %rbp
.endm

/* clang-format on */

#endif

#endif
