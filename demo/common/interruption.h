/*
 * interruption.h - lets a run that is interrupted, by Ctrl-C or kill, end in good order.
 *
 *   SIGINT or SIGTERM       noted; the program looks for it, finishes what it began and reports
 *   another of the two      ends the program at once, as without this
 *
 * A signal that is ignored when the program starts stays ignored. Any thread may ask.
 */
#ifndef TALLY_DEMO_INTERRUPTION_H
#define TALLY_DEMO_INTERRUPTION_H

/* From now on; once a program. */
void interruption_watch(void);

/* The signal that asked to stop, or 0. */
int interruption_signal(void);

/* "SIGINT", "SIGTERM" */
const char *interruption_name(int signal_number);

/* What a program exits with that stopped for a signal, as a shell tells it. */
int interruption_status(int signal_number);

#endif
