/*
 * retired.c - a shared library that goes away while contexts of its functions stay: the descriptors
 * that the plugin would put into it.
 */
#include "retired.h"

static const struct tally_source outer_source = {"outer", "outer", "retired.c", 10, 0};
static const struct tally_source inner_source = {"inner", "_Z5innerv", "retired.c", 20, 0};
static const struct tally_source body_source = {"body", "body", "retired.h", 30, 0};
static const struct tally_scope outer_scopes[] = {{&outer_source, TALLY_NO_INDEX, 0},
                                                  {&body_source, 0, 12}};
static const struct tally_scope inner_scopes[] = {{&inner_source, TALLY_NO_INDEX, 0}};
static const struct tally_site outer_sites[] = {{0, 11}, {1, 31}};
static const struct tally_counter outer_counters[] = {{1, 0}};

const struct tally_function retired_outer = {.source = &outer_source,
                                             .scopes = outer_scopes,
                                             .sites = outer_sites,
                                             .counters = outer_counters,
                                             .n_scopes = 2,
                                             .n_sites = 2,
                                             .n_counters = 1,
                                             .n_cells = 1};
const struct tally_function retired_inner = {
    .source = &inner_source, .scopes = inner_scopes, .n_scopes = 1};
/* As outer might be after a change of the source. */
static const struct tally_site changed_sites[] = {{0, 11}, {1, 32}};
const struct tally_function retired_changed = {.source = &outer_source,
                                               .scopes = outer_scopes,
                                               .sites = changed_sites,
                                               .counters = outer_counters,
                                               .n_scopes = 2,
                                               .n_sites = 2,
                                               .n_counters = 1,
                                               .n_cells = 1};
struct tally_unit retired_unit = {.abi = &outer_source, /* of whatever; null is of a copy */
                                  .file = "retired.c",
                                  .producer = "a compiler",
                                  .options = "an option",
                                  .flags = "-Oflag",
                                  .n_functions = 2,
                                  .optimization = 2};
