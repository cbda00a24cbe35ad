/*
 * tally.h - what a profiled program may ask of Tally.
 *
 * Nothing here is needed to get a profile: a program that is compiled and linked with Tally writes
 * one when it ends. These calls are for programs that want to say when, or where not.
 *
 * All functions may be called from any thread at any time, also from several at once, and from
 * signal handlers unless said otherwise. They return 0, or -errno on failure.
 */
#ifndef TALLY_TALLY_H
#define TALLY_TALLY_H

#ifdef __cplusplus
extern "C" {
#endif

#define TALLY_VERSION "0.1.0"

/* Marks a function that is not to be instrumented:  TALLY_SKIP static int hot(int x) { … }  */
#if defined(__clang__)
#define TALLY_SKIP __attribute__((annotate("tally:skip"), no_instrument_function))
#elif defined(__GNUC__)
#define TALLY_SKIP __attribute__((no_instrument_function))
#else
#define TALLY_SKIP
#endif

/*
 * Recording is on from the start, unless TALLY_OPTIONS says enabled=false. While it is off the
 * program runs as before, but calls and time do not appear in the profile. A call that is under
 * way when recording changes counts in the interval in which it began.
 * Starting what is started, or stopping what is stopped, does nothing and returns 0.
 * Not for signal handlers. -ENOMEM leaves recording as it was.
 */
int tally_start(void);
int tally_stop(void);

/*
 * Writes the profile of everything recorded so far into the directory `path`, or where the `out`
 * option says if path is null. What an earlier run left there moves to PATH.old; what this process
 * wrote there itself is replaced. Recording goes on.
 * -EBUSY: another thread is writing just now.
 */
int tally_write(const char *path);

/* The version of the runtime the program is linked to, as "0.1.0". */
const char *tally_version(void);

#ifdef __cplusplus
}
#endif

#endif
