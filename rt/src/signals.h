/*
 * signals.h - a profile also when a signal ends the program.
 *
 * For each signal whose default is to end the process, and which the program leaves at its default,
 * a handler of ours writes the profile and then lets the signal do what it would have done: same
 * wait status, same core dump. The program never sees the handler: sigaction and signal are
 * interposed, so that it reads SIG_DFL where it left SIG_DFL, and setting SIG_DFL sets ours;
 * likewise sigaltstack, since the first thread is given a signal stack.
 */
#ifndef TLI_SIGNALS_H
#define TLI_SIGNALS_H

void tli_signals_start(void);

#endif
