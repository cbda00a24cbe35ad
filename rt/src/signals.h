/*
 * signals.h - a profile also when a signal ends the program, and handlers that disturb nothing.
 *
 * For each signal whose default is to end the process, and which the program leaves at its default,
 * a handler of ours writes the profile and then lets the signal do what it would have done: same
 * wait status, same core dump. Handlers of the program are called by one of ours, so that what they
 * call is counted where they interrupted. The program sees neither: sigaction and signal are
 * interposed, so that it reads what it set; likewise sigaltstack, since the first thread is given a
 * signal stack.
 */
#ifndef TLI_SIGNALS_H
#define TLI_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* glibc's own, behind the name that is interposed here. */
int __sigaction(int number, const struct sigaction *action, struct sigaction *old);

void tli_signals_start(void);
void tli_signals_forked(void); /* in the child */

/* fatal.c */
bool tli_is_fatal(int number); /* its default action ends the process */
void tli_on_fatal(int number, siginfo_t *info, void *context);
void tli_give_signal_stack(void);
/* A handler that asks for the signal stack runs on the ordinary one where the program gave none. */
void tli_take_signal_stack_back(void);

#endif
