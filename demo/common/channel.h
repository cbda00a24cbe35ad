/*
 * channel.h - hands items from the threads that make them to the threads that use them.
 *
 *   put ──waits for room──> [ up to `capacity` items ] ──waits for one──> take
 *
 *   open ──close──> closed: no more puts; what is in it can still be taken, then takes fail
 *
 * A channel of capacity 0 is a rendezvous: there is room in it only while somebody waits in take,
 * so that each side waits for the other.
 *
 * Any thread may call any function but new and free. How often a function of the demo is called
 * does not depend on how long somebody waits: the loops that wait call libc alone.
 */
#ifndef TALLY_DEMO_CHANNEL_H
#define TALLY_DEMO_CHANNEL_H

#include "common/item_queue.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct channel;

/* Takes over the queue, which must have room for `capacity` items, or for one if that is 0. */
struct channel *channel_new(struct item_queue *queue, size_t capacity);
void channel_free(struct channel *channel); /* when nobody uses it; it must be empty */

/* How long put waits for room. */
#define CHANNEL_NO_WAIT UINT64_C(0)
#define CHANNEL_FOREVER UINT64_MAX

/*
 * Hands over `value`; *blocked_ns, if not null, is how long that took. 0, or the value stays the
 * caller's: -EAGAIN: full, and not to be waited for; -ETIMEDOUT: full all the time; -ESHUTDOWN:
 * closed, before or meanwhile.
 */
int channel_put(struct channel *channel, void *value, uint64_t timeout_ns, uint64_t *blocked_ns);

/* Waits for the next item; *waited_ns, if not null, is how long that one was in the channel. Null
 * when the channel is closed and empty. */
void *channel_take(struct channel *channel, uint64_t *waited_ns);

void channel_close(struct channel *channel); /* closing what is closed does nothing */

#endif
