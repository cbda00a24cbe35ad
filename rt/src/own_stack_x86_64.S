/*
 * own_stack_x86_64.S - void tli_on_stack(rdi: call, rsi: argument, rdx: top of stack)
 */
        .text
        .globl  tli_on_stack
        .hidden tli_on_stack
        .type   tli_on_stack, @function
tli_on_stack:
        .cfi_startproc
        endbr64
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbp, 0
        movq    %rsp, %rbp
        .cfi_def_cfa_register %rbp
        movq    %rdx, %rsp
        andq    $-16, %rsp
        movq    %rdi, %rax
        movq    %rsi, %rdi
        call    *%rax
        movq    %rbp, %rsp
        popq    %rbp
        .cfi_def_cfa %rsp, 8
        ret
        .cfi_endproc
        .size   tli_on_stack, . - tli_on_stack

        .section .note.GNU-stack, "", @progbits
