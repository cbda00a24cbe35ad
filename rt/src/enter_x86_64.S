/*
 * enter_x86_64.S - the two cold edges of the hot path, keeping every register but rax and r11
 *
 * The calls stand at the very start of a function, where argument registers are live, and before
 * its return, where the result is; the compiler is told that nothing is clobbered (preserve_all),
 * so that the hot path stays free of spills.
 *
 *   __tally_enter_slow(rdi: slot, rsi: function) -> rax: node
 *   __tally_now() -> rax: ticks
 *
 * The C code behind them uses general registers only, so saving those is enough, with one
 * exception: the first entry of a thread calls libc. Only then are vector and x87 registers
 * saved too, by xsave (or fxsave where the system has none).
 *
 * Stack: 9 registers and the return address make 80 bytes; calls come here at any alignment the
 * caller's frame has, so it is aligned by hand.
 */
        .text

#define XSAVE_MASK 0xe7         /* x87, SSE, AVX, AVX-512: ends at byte 2688 of the area */
#define XSAVE_AREA 2752

.macro SAVE_GENERAL
        endbr64
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

.macro RESTORE_GENERAL
        leaq    -56(%rbp), %rsp
        popq    %r10
        popq    %r9
        popq    %r8
        popq    %rdi
        popq    %rsi
        popq    %rdx
        popq    %rcx
        popq    %rbp
        .cfi_def_cfa %rsp, 8
        .cfi_restore %rbp
.endm

        .globl  __tally_enter_slow
        .type   __tally_enter_slow, @function
__tally_enter_slow:
        .cfi_startproc
        SAVE_GENERAL
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

        .globl  __tally_now
        .type   __tally_now, @function
__tally_now:
        .cfi_startproc
        SAVE_GENERAL
        call    tli_now
        RESTORE_GENERAL
        ret
        .cfi_endproc
        .size   __tally_now, . - __tally_now

        .section .note.GNU-stack, "", @progbits
