/*
 * message.h - what the program tells its user on stderr: one line each, "tally-demo: …".
 */
#ifndef TALLY_DEMO_MESSAGE_H
#define TALLY_DEMO_MESSAGE_H

void message_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
