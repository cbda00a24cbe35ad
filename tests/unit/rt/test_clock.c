/*
 * test_clock.c - the clock's ticks and what they are in nanoseconds.
 */
#include "clock.h"
#include "instrumented.h"
#include "shot.h"

#include <criterion/criterion.h>
#include <string.h>
#include <time.h>

FUNCTION(work, 0);
FUNCTION(again, 0);

static struct tli_clock_rate rate_of(uint64_t ticks, uint64_t ns) {
    return (struct tli_clock_rate){ticks, ns};
}

Test(clock, converts_at_the_given_rate) {
    cr_expect_eq(tli_ticks_to_ns(rate_of(3000, 1000), 3000), 1000);
    cr_expect_eq(tli_ticks_to_ns(rate_of(3000, 1000), 0), 0);
    cr_expect_eq(tli_ticks_to_ns(rate_of(3000, 1000), 2), 0, "cut to whole nanoseconds");
    cr_expect_eq(tli_ticks_to_ns(rate_of(1, 1), UINT64_MAX), UINT64_MAX);
    cr_expect_eq(tli_ticks_to_ns(rate_of(1000, 3000), 7), 21, "a clock slower than 1 GHz");
}

Test(clock, does_not_overflow) {
    /* 2^63 ticks at 2.5 GHz measured over ten years. */
    struct tli_clock_rate rate =
        rate_of(UINT64_C(788940000000000000), UINT64_C(315576000000000000));
    cr_expect_eq(tli_ticks_to_ns(rate, UINT64_C(1) << 63), (UINT64_C(1) << 63) / 5 * 2 + 1,
                 "2^63 = 5 * 1844674407370955161 + 3, and 3 * 2 / 5 is 1");
}

Test(clock, more_ticks_are_never_less_time) {
    struct tli_clock_rate rate = rate_of(2894561234567, 1000000000777);
    uint64_t ticks = 0, before = 0;
    for (int i = 0; i < 100000; i++) {
        uint64_t ns = tli_ticks_to_ns(rate, ticks);
        cr_assert_geq(ns, before);
        before = ns;
        ticks += ticks / 512 + 1;
        if (ticks >= UINT64_C(1) << 63)
            break;
    }
    cr_expect_gt(before, UINT64_C(1) << 60, "it went all the way");
}

Test(clock, a_run_of_no_length_has_no_rate) {
    cr_expect_eq(tli_ticks_to_ns(rate_of(0, 0), 1000), 0);
    cr_expect_eq(tli_clock_hz(rate_of(0, 0)), 0);
    cr_expect_eq(tli_clock_hz(rate_of(1000, 0)), 0);
}

Test(clock, hertz) {
    cr_expect_eq(tli_clock_hz(rate_of(3, 1)), UINT64_C(3000000000));
    cr_expect_eq(tli_clock_hz(rate_of(UINT64_C(1) << 62, UINT64_C(1) << 61)), UINT64_C(2000000000));
}

/* Whatever the machine, the clock in use and the system's agree on how long things take. */
Test(clock, agrees_with_the_system) {
    struct tli_clock_rate before = tli_clock_rate();
    struct timespec t = {0, 20000000};
    nanosleep(&t, NULL);
    struct tli_clock_rate after = tli_clock_rate();
    cr_expect_gt(after.elapsed_ticks, before.elapsed_ticks);
    cr_expect_geq(after.elapsed_ns - before.elapsed_ns, 20000000);
    uint64_t ns = tli_ticks_to_ns(after, after.elapsed_ticks);
    cr_expect_eq(ns, after.elapsed_ns);
}

Test(clock, name_and_mode_belong_together) {
    cr_expect_str_eq(tli_clock_name(), tli_clock_mode() == TLI_CLOCK_TSC ? "tsc" : "monotonic",
                     "the names are those of tally/snapshot.h");
}

static void expect_choice(const char *option, bool invariant, const char *clocksources,
                          enum tli_clock_mode mode, const char *fallback) {
    struct tli_clock_choice choice = tli_clock_choose(option, invariant, clocksources);
    cr_expect_eq(choice.mode, mode, "%s, %d, '%s'", option, invariant, clocksources);
    cr_expect_str_eq(choice.fallback, fallback, "%s, %d, '%s'", option, invariant, clocksources);
}

Test(clock, auto_takes_the_counter_where_it_can_be_trusted) {
    static const char *const trusted[] = {"tsc kvm-clock \n", "kvm-clock tsc acpi_pm \n", "tsc\n",
                                          "tsc", ""};
    for (size_t i = 0; i < sizeof trusted / sizeof *trusted; i++)
        expect_choice("auto", true, trusted[i], TLI_CLOCK_TSC, "");
}

Test(clock, auto_falls_back_and_says_why) {
    static const char *const untrusted[] = {"hpet acpi_pm \n", "kvm-clock \n",
                                            "hyperv_clocksource_tsc_page acpi_pm\n", "tsc-early\n"};
    expect_choice("auto", false, "tsc hpet acpi_pm \n", TLI_CLOCK_MONOTONIC,
                  "the processor promises no constant time-stamp counter");
    expect_choice("auto", false, "", TLI_CLOCK_MONOTONIC,
                  "the processor promises no constant time-stamp counter");
    for (size_t i = 0; i < sizeof untrusted / sizeof *untrusted; i++)
        expect_choice("auto", true, untrusted[i], TLI_CLOCK_MONOTONIC,
                      "the kernel does not trust the time-stamp counter");
}

Test(clock, that_was_asked_for_is_taken) {
    expect_choice("tsc", false, "hpet\n", TLI_CLOCK_TSC, "");
    expect_choice("monotonic", true, "tsc\n", TLI_CLOCK_MONOTONIC, "");
}

enum { S = 1000000000 };

static bool ran_through(int64_t ticks, int64_t monotonic_ns, int64_t boot_ns) {
    struct tli_instant from = {UINT64_C(1) << 63, 50 * (uint64_t)S, 70 * (uint64_t)S}, to = from;
    to.ticks += (uint64_t)ticks;
    to.monotonic_ns += (uint64_t)monotonic_ns;
    to.boot_ns += (uint64_t)boot_ns;
    return tli_clock_ran_through(&from, &to);
}

Test(clock, notices_that_the_machine_was_suspended) {
    cr_expect(ran_through(3 * (int64_t)S, S, S));
    cr_expect(ran_through(0, 0, 0));
    cr_expect(ran_through(3 * (int64_t)S, S, S + 1000000), "read one after the other");
    cr_expect(ran_through(3 * (int64_t)S, S, S - 1000), "read one after the other");
    cr_expect(!ran_through(3 * (int64_t)S, S, 2 * (int64_t)S));
    cr_expect(!ran_through(-1, S, S), "the counter began anew");
}

Test(clock, starts_when_the_program_does) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t now_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
    cr_expect_gt(tli_clock_start_epoch_ns(), 0);
    cr_expect_leq(tli_clock_start_epoch_ns(), now_ns);
    int64_t before = tli_clock_start_epoch_ns();
    tli_clock_start();
    cr_expect_gt(tli_clock_start_epoch_ns(), before, "a forked child starts anew");
}

Test(clock, both_go_forward) {
    for (int mode = 0; mode < 2; mode++) {
        uint64_t before = tli_now_for((uint64_t)mode);
        for (int i = 0; i < 1000; i++) {
            uint64_t now = tli_now_for((uint64_t)mode);
            cr_assert_geq(now, before);
            before = now;
        }
    }
}

static void work_while_the_clock_steps(const struct tally_function *fn, uint64_t ticks) {
    struct tli_frame frame = enter(fn);
    __tally_tls.last -= ticks; /* as if the clock stood there now */
    leave(&frame);
}

Test(clock, that_went_back_makes_no_huge_time) {
    const uint64_t an_hour = UINT64_C(1) << 43;
    work_while_the_clock_steps(&fn_work, -an_hour);
    work_while_the_clock_steps(&fn_again, -an_hour);
    work_while_the_clock_steps(&fn_again, an_hour);
    struct shot *shot = shot_take();
    cr_expect_eq(shot_find(shot, NULL, &fn_work)->wall_ns, 0);
    cr_expect_eq(shot->snapshot.losses.clamped_contexts > 0, true);
    cr_expect_gt(shot->snapshot.losses.clamped_ns, 60 * UINT64_C(1000000000), "what is missing");
    cr_expect_lt(shot_find(shot, NULL, &fn_again)->wall_ns, 60 * UINT64_C(1000000000),
                 "it came back");
    shot_free(shot);
}
