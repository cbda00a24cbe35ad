/*
 * context_x86_64.S - makecontext(context, function, count, ...), interposed.
 *
 * Notes the stack, then goes on to the C library's with all arguments where they were: six in
 * registers, the rest above the return address.
 */
        .text
        .globl  makecontext
        .type   makecontext, @function
makecontext:
        .cfi_startproc
        endbr64
        pushq   %rdi
        .cfi_adjust_cfa_offset 8
        pushq   %rsi
        .cfi_adjust_cfa_offset 8
        pushq   %rdx
        .cfi_adjust_cfa_offset 8
        pushq   %rcx
        .cfi_adjust_cfa_offset 8
        pushq   %r8
        .cfi_adjust_cfa_offset 8
        pushq   %r9
        .cfi_adjust_cfa_offset 8
        pushq   %rax                    /* and keeps the stack aligned */
        .cfi_adjust_cfa_offset 8
        call    tli_context_made
        movq    %rax, %r11
        popq    %rax
        .cfi_adjust_cfa_offset -8
        popq    %r9
        .cfi_adjust_cfa_offset -8
        popq    %r8
        .cfi_adjust_cfa_offset -8
        popq    %rcx
        .cfi_adjust_cfa_offset -8
        popq    %rdx
        .cfi_adjust_cfa_offset -8
        popq    %rsi
        .cfi_adjust_cfa_offset -8
        popq    %rdi
        .cfi_adjust_cfa_offset -8
        jmp     *%r11
        .cfi_endproc
        .size   makecontext, . - makecontext
        .section .note.GNU-stack, "", @progbits
