/*
 * time_x86_64.S - where a timed call begins and where it ends: the clock is read, and what passed
 * since it was read last is charged.
 *
 *   __tally_time_entry(rdi: place in the frame, rsi: node) -> rax: who paid until now
 *   __tally_time_exit(rdi: place in the frame, rsi: node, rdx: who pays again)
 *
 * Where each call is timed, by the time-stamp counter, all is done here, in 17 instructions each
 * with no branch that is taken. Else sampling.c does it.
 */
#include "edge_x86_64.h"

        .text

/* rax: ticks since the clock was read last; r11: where the thread's state is; rdx is on the stack. */
.macro TICKS
        pushq   %rdx
        .cfi_adjust_cfa_offset 8
        rdtsc
        shlq    $32, %rdx
        orq     %rdx, %rax
        movq    __tally_tls@gottpoff(%rip), %r11
        movq    %fs:TLS_LAST(%r11), %rdx
        movq    %rax, %fs:TLS_LAST(%r11)
        subq    %rdx, %rax
.endm

        .globl  __tally_time_entry
        .type   __tally_time_entry, @function
        .p2align 6
__tally_time_entry:
        .cfi_startproc
        endbr64
        cmpb    $0, tli_timing_is_special(%rip)
        jne     1f
        TICKS
        movq    %fs:TLS_CHARGED(%r11), %rdx
        addq    %rax, NODE_SELF(%rdx)
        movq    %rsi, %fs:TLS_CHARGED(%r11)
        movq    %rdx, %rax
        popq    %rdx
        .cfi_adjust_cfa_offset -8
        ret
1:      SAVE_GENERAL
        call    tli_time_entry
        RESTORE_GENERAL
        ret
        .cfi_endproc
        .size   __tally_time_entry, . - __tally_time_entry

        .globl  __tally_time_exit
        .type   __tally_time_exit, @function
        .p2align 6
__tally_time_exit:
        .cfi_startproc
        endbr64
        pushq   %rax
        .cfi_adjust_cfa_offset 8
        cmpb    $0, tli_timing_is_special(%rip)
        jne     1f
        TICKS
        addq    %rax, NODE_SELF(%rsi)
        popq    %rdx
        .cfi_adjust_cfa_offset -8
        movq    %rdx, %fs:TLS_CHARGED(%r11)
        popq    %rax
        .cfi_adjust_cfa_offset -8
        ret
        .cfi_adjust_cfa_offset 8
1:      SAVE_GENERAL
        call    tli_time_exit
        RESTORE_GENERAL 16
        popq    %rax
        .cfi_adjust_cfa_offset -8
        ret
        .cfi_endproc
        .size   __tally_time_exit, . - __tally_time_exit

        .section .note.GNU-stack, "", @progbits
