/*
 * registers.h - a call with every register set beforehand and looked at afterwards.
 */
#ifndef REGISTERS_H
#define REGISTERS_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/* General registers by their machine numbers: rax rcx rdx rbx (rsp) rbp rsi rdi r8 … r15. */
enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15, N_GENERAL };

/* How much of the vector registers there is on this machine. */
enum vectors { VECTORS_SSE, VECTORS_AVX, VECTORS_AVX512 };

struct registers {
    uint64_t general[N_GENERAL]; /* rsp is neither set nor read */
    uint64_t opmask[8];          /* AVX-512 only */
    uint8_t x87[2][16];          /* the two that carry results, ten bytes each */
    uint32_t mxcsr;
    uint16_t x87_control;
    uint16_t reserved[13];
    uint8_t vector[32][64]; /* SSE: 16 bytes of 0…15; AVX: 32 of these; AVX-512: all */
} __attribute__((aligned(64)));

static_assert(offsetof(struct registers, opmask) == 128 && offsetof(struct registers, x87) == 192 &&
                  offsetof(struct registers, mxcsr) == 224 &&
                  offsetof(struct registers, x87_control) == 228 &&
                  offsetof(struct registers, vector) == 256,
              "registers_x86_64.S has these offsets");

/* Calls `function` with the registers of `in`, its stack off the ABI's alignment by `misaligned`
 * bytes (0 or 8), and stores in `out` what it left in them. registers_x86_64.S */
void call_with_registers(const void *function, const struct registers *in, struct registers *out,
                         uint64_t vectors, uint64_t misaligned);

#endif
