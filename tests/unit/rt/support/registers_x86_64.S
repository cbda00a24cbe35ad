/*
 * registers_x86_64.S - see registers.h.
 *
 * Offsets are those of struct registers: general 0, opmask 128, x87 192, mxcsr 224,
 * x87_control 228, vector 256 (of 64 bytes each).
 *
 * Frame, below rbp:  rbx r12 r13 r14 r15 | function | out | vectors | caller's mxcsr, x87 control
 * While the function runs, rbp is not ours; its own place is kept in a static word instead, so this
 * is for one thread at a time.
 */
        .bss
        .align 8
frame:  .zero 8

        .text

        .globl  call_with_registers
        .type   call_with_registers, @function
call_with_registers:
        endbr64
        pushq   %rbp
        movq    %rsp, %rbp
        pushq   %rbx
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        pushq   %rdi                    /* -48: function */
        pushq   %rdx                    /* -56: out */
        pushq   %rcx                    /* -64: vectors */
        subq    $16, %rsp
        stmxcsr -72(%rbp)
        fnstcw  -76(%rbp)
        movq    %rbp, frame(%rip)
        andq    $-16, %rsp
        subq    %r8, %rsp
        movq    %rsi, %rax              /* in */

        ldmxcsr 224(%rax)
        fldcw   228(%rax)
        fldt    208(%rax)
        fldt    192(%rax)
        cmpq    $1, %rcx
        jb      1f
        je      2f
        .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        vmovdqu64 256 + 64 * \n(%rax), %zmm\n
        .endr
        .irp    n, 0,1,2,3,4,5,6,7
        kmovw   128 + 8 * \n(%rax), %k\n
        .endr
        jmp     3f
2:      .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        vmovdqu 256 + 64 * \n(%rax), %ymm\n
        .endr
        jmp     3f
1:      .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        movdqu  256 + 64 * \n(%rax), %xmm\n
        .endr
3:      movq    8(%rax), %rcx
        movq    16(%rax), %rdx
        movq    24(%rax), %rbx
        movq    48(%rax), %rsi
        movq    56(%rax), %rdi
        movq    64(%rax), %r8
        movq    72(%rax), %r9
        movq    80(%rax), %r10
        movq    96(%rax), %r12
        movq    104(%rax), %r13
        movq    112(%rax), %r14
        movq    120(%rax), %r15
        movq    -48(%rbp), %r11
        movq    40(%rax), %rbp
        movq    (%rax), %rax
        call    *%r11

        pushq   %rbp
        movq    frame(%rip), %rbp
        pushq   %rax
        movq    -56(%rbp), %rax         /* out */
        popq    (%rax)
        popq    40(%rax)
        movq    %rcx, 8(%rax)
        movq    %rdx, 16(%rax)
        movq    %rbx, 24(%rax)
        movq    %rsi, 48(%rax)
        movq    %rdi, 56(%rax)
        movq    %r8, 64(%rax)
        movq    %r9, 72(%rax)
        movq    %r10, 80(%rax)
        movq    %r11, 88(%rax)
        movq    %r12, 96(%rax)
        movq    %r13, 104(%rax)
        movq    %r14, 112(%rax)
        movq    %r15, 120(%rax)
        fstpt   192(%rax)
        fstpt   208(%rax)
        fnstcw  228(%rax)
        stmxcsr 224(%rax)
        cmpq    $1, -64(%rbp)
        jb      1f
        je      2f
        .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        vmovdqu64 %zmm\n, 256 + 64 * \n(%rax)
        .endr
        .irp    n, 0,1,2,3,4,5,6,7
        kmovw   %k\n, 128 + 8 * \n(%rax)
        .endr
        vzeroupper
        jmp     3f
2:      .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        vmovdqu %ymm\n, 256 + 64 * \n(%rax)
        .endr
        vzeroupper
        jmp     3f
1:      .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        movdqu  %xmm\n, 256 + 64 * \n(%rax)
        .endr
3:      ldmxcsr -72(%rbp)
        fldcw   -76(%rbp)
        leaq    -40(%rbp), %rsp
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        ret
        .size   call_with_registers, . - call_with_registers

        .section .note.GNU-stack, "", @progbits
