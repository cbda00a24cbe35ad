/*
 * test_stacks.c - which stack an address is on, as stacks are made and their memory is used again.
 */
#include "stacks.h"

#include <criterion/criterion.h>

/* Serial numbers begin here: a process that was forked has used some up. */
static uint64_t before;

static void begin(void) {
    before = tli_stacks_made;
}

TestSuite(stacks, .init = begin);

/* `nth` is of the stacks made in this test; 0: none of them. */
static void expect(uintptr_t address, uintptr_t low, uintptr_t high, uint64_t nth) {
    struct tli_stack found = tli_stack_at(address);
    cr_expect_eq(found.low, low, "%#zx: %#zx", address, found.low);
    cr_expect_eq(found.high, high, "%#zx: %#zx", address, found.high);
    cr_expect_eq(found.serial, nth ? before + nth : 0, "%#zx: %zu", address, (size_t)found.serial);
}

Test(stacks, none) {
    expect(0x1000, 0, UINTPTR_MAX, 0);
}

Test(stacks, side_by_side_and_between) {
    tli_stack_made(0x5000, 0x1000);
    tli_stack_made(0x1000, 0x1000);
    tli_stack_made(0x2000, 0x1000);
    expect(0xfff, 0, 0x1000, 0);
    expect(0x1000, 0x1000, 0x2000, 2);
    expect(0x1fff, 0x1000, 0x2000, 2);
    expect(0x2000, 0x2000, 0x3000, 3);
    expect(0x3000, 0x3000, 0x5000, 0);
    expect(0x5fff, 0x5000, 0x6000, 1);
    expect(0x6000, 0x6000, UINTPTR_MAX, 0);
    cr_expect_eq(tli_stacks_made, before + 3);
}

Test(stacks, memory_used_again) {
    for (uintptr_t i = 1; i <= 4; i++)
        tli_stack_made(i * 0x1000, 0x1000);
    tli_stack_made(0x2000, 0x1000);
    expect(0x2000, 0x2000, 0x3000, 5);
    tli_stack_made(0x2800, 0x1000);
    expect(0x2800, 0x2800, 0x3800, 6);
    expect(0x2000, 0x2000, 0x2800, 0);
    expect(0x3800, 0x3800, 0x4000, 0);
    tli_stack_made(0x1800, 0x9000);
    expect(0x4fff, 0x1800, 0xa800, 7);
    expect(0x1000, 0, 0x1800, 0);
}

Test(stacks, what_is_no_stack) {
    tli_stack_made(0x1000, 0);
    tli_stack_made(UINTPTR_MAX - 5, 10);
    expect(0x1000, 0, UINTPTR_MAX, 0);
}

Test(stacks, many_in_any_order) {
    enum { MANY = 5003 };
    for (uintptr_t i = 0; i < MANY; i++)
        tli_stack_made((1 + i * 17 % MANY) * 0x100, 0x100);
    for (uintptr_t i = 0; i < MANY; i++) {
        uintptr_t low = (1 + i * 17 % MANY) * 0x100;
        expect(low + 0x80, low, low + 0x100, i + 1);
    }
}

Test(stacks, forgotten_in_a_child_if_they_were_being_changed) {
    tli_stack_made(0x1000, 0x1000);
    tli_stacks_forked();
    struct tli_stack found = tli_stack_at(0x1000);
    cr_expect_eq(found.serial, before + 1);
    cr_expect_eq(tli_stacks_made, before + 2, "what is known must be looked up again");
}
