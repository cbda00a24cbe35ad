/* twins.c - see twins.h. Entries call this: see enter.c for what that means. */
#include "twins.h"

static bool same_text(const char *a, const char *b) {
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

static bool same_source(const struct tally_source *a, const struct tally_source *b) {
    return a == b || (a->line == b->line && same_text(a->linkage_name, b->linkage_name) &&
                      same_text(a->name, b->name) && same_text(a->file, b->file));
}

static bool same_scopes(const struct tally_function *a, const struct tally_function *b) {
    for (uint32_t i = 0; i < a->n_scopes; i++) {
        const struct tally_scope *of_a = &a->scopes[i], *of_b = &b->scopes[i];
        if (of_a->parent != of_b->parent || of_a->call_line != of_b->call_line ||
            !same_source(of_a->source, of_b->source))
            return false;
    }
    return true;
}

static bool same_sites(const struct tally_function *a, const struct tally_function *b) {
    for (uint32_t i = 0; i < a->n_sites; i++)
        if (a->sites[i].scope != b->sites[i].scope || a->sites[i].line != b->sites[i].line)
            return false;
    return true;
}

static bool same_counters(const struct tally_function *a, const struct tally_function *b) {
    for (uint32_t i = 0; i < a->n_counters; i++)
        if (a->counters[i].scope != b->counters[i].scope ||
            a->counters[i].cell != b->counters[i].cell)
            return false;
    return true;
}

bool tli_are_twins(const struct tally_function *a, const struct tally_function *b) {
    return a->n_scopes == b->n_scopes && a->n_sites == b->n_sites &&
           a->n_counters == b->n_counters && a->n_cells == b->n_cells && a->timing == b->timing &&
           same_source(a->source, b->source) && same_scopes(a, b) && same_sites(a, b) &&
           same_counters(a, b);
}
