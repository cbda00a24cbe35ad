/*
 * heap_capture.h - what is on the heap now, as a profile in a file, if Tally is in the program.
 *
 * Two captures around a load, compared, show what the load left behind.
 */
#ifndef TALLY_DEMO_HEAP_CAPTURE_H
#define TALLY_DEMO_HEAP_CAPTURE_H

#include <stdbool.h>

/* False in a build without Tally's heap profiles: nothing can be captured there. */
bool heap_capture_is_available(void);

/* Writes DIRECTORY/NAME; makes the directory, not its parents. 0, or -errno: -ENOTSUP if it is not
 * available. Leaves nothing on the heap that a capture could show. */
int heap_capture_write(const char *directory, const char *name);

#endif
