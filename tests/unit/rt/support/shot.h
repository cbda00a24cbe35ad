/*
 * shot.h - a profile as the runtime hands it to the writer, kept to be looked at.
 *
 * The tests are linked to a tally_export() of their own: it copies the snapshot instead of writing
 * files. A shot is taken the way a program asks for a profile, by tally_write(), so merging,
 * compensation, losses and the output directory are all in it. Outside of shot_take() the export
 * fails, so that a test process that ends leaves no profile behind.
 */
#ifndef SHOT_H
#define SHOT_H

#include "tally/snapshot.h"

struct shot {
    struct tally_snapshot snapshot; /* pointers into the runtime are void but in `contexts` */
    struct tally_context *contexts;
    size_t n;
    struct tally_allocation *allocations;
    size_t n_allocations;
};

/* Never null: a test that cannot have one ends. Release with shot_free. */
struct shot *shot_take(void);
void shot_free(struct shot *shot);

/* Status of the last tally_write() that shot_take made; and such a call that may fail. */
int shot_try(struct shot **shot);

/*
 * The tree as text, to be free()d: two spaces per level, name@site calls [counters], siblings in
 * the order of name, site and calls. A site that is not known is "-".
 *
 *   main@- 1
 *     fib@0 1
 *       fib@0 8
 */
char *shot_text(const struct shot *shot);

/* Gives the functions of -finstrument-functions, known by address alone, a name in the text. */
void shot_name(const void *address, const char *name);

uint64_t shot_calls(const struct shot *shot, const struct tally_function *fn); /* of all contexts */
/* The only context of `fn` below the only context of `parent`; null means at the top. */
const struct tally_context *shot_find(const struct shot *shot, const struct tally_function *parent,
                                      const struct tally_function *fn);

/* From here on, a profile that no shot asked for, such as the one at the end, is written to `fd` as
 * a line that says who ended it and the text of the tree. -1: it fails again. */
void shot_report_to(int fd);

/* Runs `body` in a forked child, which writes text to `fd`. That text, to be free()d; the child's
 * wait status, if asked for. */
char *text_from_child(void (*body)(int fd), int *wait_status);

#define assert_tree(expected)                                                                      \
    do {                                                                                           \
        struct shot *assert_shot = shot_take();                                                    \
        char *assert_text = shot_text(assert_shot);                                                \
        cr_assert_str_eq(assert_text, (expected), "the tree is\n%s", assert_text);                 \
        free(assert_text);                                                                         \
        shot_free(assert_shot);                                                                    \
    } while (0)

#endif
