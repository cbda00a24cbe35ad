/*
 * probe_x86_64.S - three leaves: one that is empty, one that works, and one that works and is
 * instrumented, as compilers make it of what the plugin inserts.
 *
 *   tli_probe_empty(), tli_probe_work(), tli_probe_leaf()
 *
 * The work is that of a small function: steps that can all be done at the same time; or none.
 */
#include "edge_x86_64.h"

.macro LEAF name
        .globl  \name
        .hidden \name
        .type   \name, @function
        .p2align 6
\name:
.endm

.macro WORK
        cmpb    $0, tli_probe_works(%rip)
        je      9f
        .irp    word, 0, 8, 16, 24, 32, 40, 48, 56
        addq    $1, tli_probe_words+\word(%rip)
        .endr
9:
.endm

        .text
LEAF tli_probe_empty
        ret
        .size   tli_probe_empty, . - tli_probe_empty

LEAF tli_probe_work
        WORK
        ret
        .size   tli_probe_work, . - tli_probe_work

LEAF tli_probe_leaf
        .cfi_startproc
        subq    $24, %rsp
        .cfi_adjust_cfa_offset 24
        movq    __tally_tls@gottpoff(%rip), %r8
        movq    %fs:TLS_SLOT(%r8), %r9
        movq    (%r9), %rsi
        leaq    tli_probe_leaf_fn(%rip), %rax
        cmpq    %rax, NODE_FN(%rsi)
        jne     4f
1:      incq    NODE_CALLS(%rsi)
        movq    %rsp, NODE_FRAME(%rsi)
        movq    NODE_CALLS(%rsi), %rax
        cmpq    NODE_DUE(%rsi), %rax
        jb      2f
        leaq    8(%rsp), %rdi
        call    __tally_time_entry
        movq    %rax, %rdx
        jmp     3f
2:      xorl    %edx, %edx
3:      movq    %rsi, %fs:TLS_CUR(%r8)
        WORK
        testq   %rdx, %rdx
        jz      5f
        leaq    8(%rsp), %rdi
        call    __tally_time_exit
5:      movq    %r9, %fs:TLS_SLOT(%r8)
        addq    $24, %rsp
        .cfi_adjust_cfa_offset -24
        ret
        .cfi_adjust_cfa_offset 24
4:      movq    %r9, %rdi
        movq    %rax, %rsi
        call    __tally_enter_slow
        movq    %rax, %rsi
        movq    %fs:TLS_SLOT(%r8), %r9
        jmp     1b
        .cfi_endproc
        .size   tli_probe_leaf, . - tli_probe_leaf

        .section .note.GNU-stack, "", @progbits
