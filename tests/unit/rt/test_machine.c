/*
 * test_machine.c - what is said of the machine, compared with what libc says of it.
 */
#include "arena.h"
#include "machine.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static uint32_t count(const char *list) {
    return tli_count_listed(list, strlen(list));
}

Test(machine, lists_of_processors) {
    cr_expect_eq(count("0\n"), 1);
    cr_expect_eq(count("0-1\n"), 2);
    cr_expect_eq(count("0-3,5,8-15\n"), 13);
    cr_expect_eq(count("7"), 1, "a line need not end");
    cr_expect_eq(tli_count_listed("0-12", 3), 2, "cut off, and read no further");
}

Test(machine, what_is_no_list_of_processors) {
    static const char *const texts[] = {"",      "\n",           "-1\n",          "1-\n",
                                        "3-1\n", ",\n",          "0,\n",          "0 1\n",
                                        "x\n",   "4294967296\n", "0-4294967295\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect_eq(count(texts[i]), 0, "'%s'", texts[i]);
}

Test(machine, is_this_one) {
    struct tli_arena arena = {0};
    struct tally_machine machine = tli_machine(&arena);
    struct utsname names;
    cr_assert_eq(uname(&names), 0);
    cr_expect_str_eq(machine.architecture, names.machine);
    cr_expect_str_eq(machine.kernel, names.release);
    cr_expect_eq(machine.processors, sysconf(_SC_NPROCESSORS_ONLN));
    size_t length = strlen(machine.processor);
    cr_expect(length == 0 || (machine.processor[0] != ' ' && machine.processor[length - 1] != ' '),
              "'%s'", machine.processor);
    tli_arena_release(&arena);
}
