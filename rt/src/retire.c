/* retire.c - see retire.h. */
#include "retire.h"

#include "arena.h"
#include "lock.h"
#include "thread.h"
#include "tree.h"
#include "twins.h"

#include <link.h>
#include <string.h>

/* Originals and their copies, as a hash table of chains; lives while one object is retired. */
enum { BUCKETS = 1024 };
struct copied {
    const void *original;
    void *copy;
    struct copied *next;
};

struct retirement {
    uintptr_t start, limit; /* the object's image */
    bool is_program;        /* that is exiting: it is never unmapped */
    struct copied *buckets[BUCKETS];
    struct tli_arena scratch;
};

bool tli_has_retired;

/* The copies: for the life of the process. Behind tli_lock. */
static struct kept_function {
    struct tally_function fn;
    struct kept_function *next;
} * kept_functions[BUCKETS];
static struct tli_arena kept;

static int find_image(struct dl_phdr_info *info, size_t size, void *context) {
    (void)size;
    struct retirement *r = context;
    uintptr_t inside = r->start, low = UINTPTR_MAX, high = 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *h = &info->dlpi_phdr[i];
        if (h->p_type != PT_LOAD)
            continue;
        uintptr_t start = info->dlpi_addr + h->p_vaddr;
        low = start < low ? start : low;
        high = start + h->p_memsz > high ? start + h->p_memsz : high;
    }
    if (inside < low || inside >= high)
        return 0;
    r->is_program = !*info->dlpi_name;
    r->start = low;
    r->limit = high;
    return 1;
}

static struct copied **bucket_of(struct retirement *r, const void *original) {
    return &r->buckets[((uintptr_t)original >> 3) % BUCKETS];
}

static void *find_copy(struct retirement *r, const void *original) {
    for (struct copied *c = *bucket_of(r, original); c; c = c->next)
        if (c->original == original)
            return c->copy;
    return NULL;
}

static bool remember(struct retirement *r, const void *original, void *copy) {
    struct copied *entry = tli_arena_alloc(&r->scratch, sizeof *entry);
    struct copied **bucket = bucket_of(r, original);
    if (!entry)
        return false;
    *entry = (struct copied){original, copy, *bucket};
    *bucket = entry;
    return true;
}

/* A copy of `size` bytes at `original`, the same one each time; null without memory, or of an empty
 * table. */
static void *copy_of(struct retirement *r, const void *original, size_t size) {
    if (size == 0)
        return NULL;
    void *copy = find_copy(r, original);
    if (copy)
        return copy;
    copy = tli_arena_alloc(&kept, size);
    if (!copy || !remember(r, original, copy))
        return NULL;
    return memcpy(copy, original, size);
}

static const char *copy_text(struct retirement *r, const char *text) {
    const char *copy = copy_of(r, text, strlen(text) + 1);
    return copy ? copy : "";
}

static const struct tally_source *copy_source(struct retirement *r,
                                              const struct tally_source *source) {
    struct tally_source *copy = find_copy(r, source);
    if (copy)
        return copy;
    copy = copy_of(r, source, sizeof *source);
    if (!copy)
        return NULL;
    copy->name = copy_text(r, source->name);
    copy->linkage_name = copy_text(r, source->linkage_name);
    copy->file = copy_text(r, source->file);
    return copy;
}

static struct tally_function *copy_function(struct retirement *r, const struct tally_function *fn) {
    struct tally_scope *scopes = copy_of(r, fn->scopes, fn->n_scopes * sizeof *scopes);
    struct tally_site *sites = copy_of(r, fn->sites, fn->n_sites * sizeof *sites);
    struct tally_counter *counters = copy_of(r, fn->counters, fn->n_counters * sizeof *counters);
    struct kept_function *copy = tli_arena_alloc(&kept, sizeof *copy);
    if (!scopes || !copy || (fn->n_sites && !sites) || (fn->n_counters && !counters))
        return NULL;
    for (uint32_t i = 0; i < fn->n_scopes; i++)
        if (!(scopes[i].source = copy_source(r, scopes[i].source)))
            return NULL;
    copy->fn = *fn;
    copy->fn.source = copy_source(r, fn->source);
    copy->fn.scopes = scopes;
    copy->fn.sites = sites;
    copy->fn.counters = counters;
    copy->fn.retired = 1;
    return copy->fn.source ? &copy->fn : NULL;
}

static struct kept_function **kept_bucket(const struct tally_source *source) {
    uint64_t hash = source->line;
    for (const char *c = source->linkage_name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 0x100000001B3u;
    return &kept_functions[hash % BUCKETS];
}

/* Null without memory. */
static struct tally_function *keep(struct retirement *r, const struct tally_function *fn) {
    struct tally_function *known = find_copy(r, fn);
    if (known)
        return known;
    struct kept_function **bucket = kept_bucket(fn->source), *copy;
    for (copy = *bucket; copy; copy = copy->next)
        if (tli_are_twins(&copy->fn, fn))
            break;
    if (!copy) {
        copy = (struct kept_function *)copy_function(r, fn);
        if (!copy)
            return NULL;
        copy->next = *bucket;
        *bucket = copy;
    }
    remember(r, fn, &copy->fn);
    return &copy->fn;
}

static bool inside(const struct retirement *r, const void *p) {
    return (uintptr_t)p >= r->start && (uintptr_t)p < r->limit;
}

static void retire_nodes(struct retirement *r) {
    for (struct tli_thread *t = tli_threads(); t; t = t->next) {
        for (struct tally_node *n = t->root; n; n = tli_next_in_preorder(t->root, n)) {
            if (tli_is_dynamic(n->fn) || !inside(r, n->fn))
                continue;
            struct tally_function *copy = keep(r, n->fn);
            if (copy)
                __atomic_store_n(&n->fn, copy, __ATOMIC_RELEASE);
        }
    }
}

bool tli_retire(const void *inside) {
    struct retirement r = {.start = (uintptr_t)inside};
    if (!dl_iterate_phdr(find_image, &r) || r.is_program)
        return false;
    if (tli_lock_within()) {
        __atomic_store_n(&tli_has_retired, true, __ATOMIC_RELAXED);
        retire_nodes(&r);
        tli_arena_release(&r.scratch);
        tli_unlock();
    }
    return true;
}
