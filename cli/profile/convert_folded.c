/*
 * convert_folded.c - folded stacks, as flame graph tools read them.
 *
 * The format has no escapes: ';' parts frames, a line ends a stack, and the last blank of a line
 * precedes the value. So ';' in a name becomes ':', as the flame graph scripts have it, and control
 * characters become blanks. Two functions that then have one name are one frame.
 */
#include "convert.h"

#include "say.h"

#include <stdlib.h>
#include <string.h>

struct folded {
    char *stack;
    wide value;
};

static size_t add_name(char *to, const char *name) {
    size_t n = 0;
    for (; name[n]; n++) {
        unsigned char byte = (unsigned char)name[n];
        to[n] = byte == ';' ? ':' : byte < ' ' || byte == 0x7f ? ' ' : (char)byte;
    }
    return n;
}

static char *fold_stack(const struct view *view, const struct view_stack *stack) {
    size_t length = 0;
    for (size_t i = 0; i < stack->n; i++)
        length += strlen(view->functions[stack->frames[i].function].name) + 1;
    char *text = need_array(length + 1, 1), *to = text;
    for (size_t i = stack->n; i-- > 0;) {
        to += add_name(to, view->functions[stack->frames[i].function].name);
        *to++ = i ? ';' : 0;
    }
    return text;
}

static int compare(const void *one, const void *other) {
    return strcmp(((const struct folded *)one)->stack, ((const struct folded *)other)->stack);
}

void convert_folded(struct view *view, FILE *to) {
    struct folded *all = need_array(view->profile->n_samples, sizeof *all);
    size_t n = 0;
    for (size_t i = 0; i < view->profile->n_samples; i++) {
        struct view_stack stack;
        if (view_stack(view, i, &stack) && stack.value != 0)
            all[n++] = (struct folded){fold_stack(view, &stack), stack.value};
    }
    qsort(all, n, sizeof *all, compare);
    const struct output exact = {.raw = true};
    for (size_t i = 0; i < n; i++) {
        if (i + 1 < n && strcmp(all[i].stack, all[i + 1].stack) == 0)
            all[i + 1].value += all[i].value;
        else if (all[i].value != 0)
            fprintf(to, "%s %s\n", all[i].stack, format_count(all[i].value, &exact).s);
        free(all[i].stack);
    }
    free(all);
}
