/*
 * units.c - the translation units that were compiled with the plugin.
 *
 * Each registers itself by a constructor and leaves by a destructor. When that is dlclose, what
 * contexts know of its functions is saved (retire.h). The list itself is for run.json and for
 * telling why a profile is empty; counting does not depend on it.
 */
#include "units.h"

#include "arena.h"
#include "entry_points.h"
#include "retire.h"

#include <pthread.h>
#include <string.h>

static struct tally_unit *first;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* What TALLY_ABI_SYMBOL names: an object made for another ABI finds no such symbol. */
__attribute__((visibility("default"))) extern const char tli_abi_symbol __asm__(TALLY_ABI_SYMBOL);
const char tli_abi_symbol = TALLY_ABI_VERSION;

void __tally_register_unit(struct tally_unit *unit) {
    pthread_mutex_lock(&mutex);
    unit->next = first;
    __atomic_store_n(&first, unit, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&mutex);
}

static struct tli_arena kept; /* copies of units that are gone; `abi` is null in them */

static struct tally_unit *copy_of(const struct tally_unit *unit) {
    struct tally_unit *copy = tli_arena_alloc(&kept, sizeof *copy);
    if (copy) {
        *copy = *unit;
        copy->abi = NULL;
        copy->file = tli_arena_copy_text(&kept, unit->file);
        copy->producer = tli_arena_copy_text(&kept, unit->producer);
        copy->options = tli_arena_copy_text(&kept, unit->options);
        copy->flags = tli_arena_copy_text(&kept, unit->flags);
    }
    return copy;
}

static bool is_kept(const struct tally_unit *unit) {
    for (const struct tally_unit *u = first; u; u = u->next)
        if (!u->abi && u->n_functions == unit->n_functions &&
            u->optimization == unit->optimization && strcmp(u->file, unit->file) == 0 &&
            strcmp(u->producer, unit->producer) == 0 && strcmp(u->options, unit->options) == 0 &&
            strcmp(u->flags, unit->flags) == 0)
            return true;
    return false;
}

void __tally_unregister_unit(struct tally_unit *unit) {
    if (!tli_retire(unit))
        return;
    pthread_mutex_lock(&mutex);
    struct tally_unit *copy = is_kept(unit) ? NULL : copy_of(unit);
    for (struct tally_unit **at = &first; *at; at = &(*at)->next) {
        if (*at == unit) {
            if (copy)
                copy->next = unit->next;
            *at = copy ? copy : unit->next;
            break;
        }
    }
    pthread_mutex_unlock(&mutex);
}

const struct tally_unit *tli_units(void) {
    return __atomic_load_n(&first, __ATOMIC_ACQUIRE);
}
