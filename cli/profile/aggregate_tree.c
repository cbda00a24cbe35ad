/*
 * aggregate_tree.c - the calling-context tree of a view, or its inversion. See aggregate.h.
 *
 *   top-down    samples a<b<c (a leaf)  ─>  root ─ c ─ b ─ a     value: self at a, total on the way
 *   bottom-up                               root ─ a ─ b ─ c     value: total on the way
 *
 * A child is found by hashing (parent, function, line). Nodes are first made in the order in which
 * samples bring them; order_nodes then renumbers them so that siblings are neighbours and sorted.
 */
#include "aggregate.h"

#include "keys.h"
#include "say.h"

#include <stdlib.h>
#include <string.h>

struct builder {
    struct tree_node *nodes;
    size_t n, capacity;
    struct keys keys; /* of all nodes but the root: the number of node i is i - 1 */
};

static uint32_t child_of(struct builder *builder, uint32_t parent, uint32_t function,
                         int64_t line) {
    uint32_t index = keys_number(&builder->keys, (struct key){parent, function, line}) + 1;
    if (index < builder->n)
        return index;
    builder->nodes =
        need_room(builder->nodes, &builder->capacity, builder->n, sizeof *builder->nodes);
    builder->nodes[builder->n++] = (struct tree_node){
        .function = function,
        .parent = parent,
        .line = line,
        .depth = builder->nodes[parent].depth + 1,
    };
    return index;
}

static void add_stack(struct builder *builder, const struct view_stack *stack, bool bottom_up,
                      bool by_line) {
    uint32_t at = 0;
    for (size_t i = 0; i <= stack->n; i++) {
        struct tree_node *node = &builder->nodes[at];
        node->total += stack->value;
        node->weight += wide_size(stack->value);
        node->count_below += stack->count;
        if (bottom_up) {
            node->count += stack->count;
            node->variance += stack->variance;
        }
        if (i == stack->n)
            break;
        size_t j = bottom_up ? i : stack->n - 1 - i;
        const struct view_frame *frame = &stack->frames[j];
        /* Top-down, the line of the call is the caller's, one frame out; bottom-up, the frame that
         * is added is the caller itself. */
        int64_t line = 0;
        if (by_line && bottom_up)
            line = j > 0 ? frame->line : 0;
        else if (by_line)
            line = j + 1 < stack->n ? stack->frames[j + 1].line : 0;
        at = child_of(builder, at, frame->function, line);
    }
    if (!bottom_up) {
        builder->nodes[at].self += stack->value;
        builder->nodes[at].variance += stack->variance;
        builder->nodes[at].count += stack->count;
    }
}

static const struct tree_node *sorted_nodes;

static int compare_nodes(const void *one, const void *other) {
    const struct tree_node *a = &sorted_nodes[*(const uint32_t *)one];
    const struct tree_node *b = &sorted_nodes[*(const uint32_t *)other];
    if (a->parent != b->parent)
        return a->parent < b->parent ? -1 : 1;
    if (wide_size(a->total) != wide_size(b->total))
        return wide_size(a->total) > wide_size(b->total) ? -1 : 1;
    if (a->count_below != b->count_below)
        return a->count_below > b->count_below ? -1 : 1;
    if (a->function != b->function)
        return a->function < b->function ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

/* Breadth-first renumbering: `order` lists old indices by parent; a parent's children then follow
 * in the order in which parents were numbered. */
static void order_nodes(struct builder *builder, struct tree *tree) {
    size_t n = builder->n;
    uint32_t *order = need_array(n, sizeof *order), *first = need_array(n + 1, sizeof *first);
    uint32_t *old_of = need_array(n, sizeof *old_of);
    for (size_t i = 1; i < n; i++) {
        order[i] = (uint32_t)i;
        first[builder->nodes[i].parent + 1]++;
    }
    sorted_nodes = builder->nodes;
    qsort(order + 1, n - 1, sizeof *order, compare_nodes);
    first[0] = 1;
    for (size_t i = 0; i < n; i++)
        first[i + 1] += first[i];
    tree->nodes = need_array(n, sizeof *tree->nodes);
    tree->n = n;
    tree->nodes[0] = builder->nodes[0];
    size_t made = 1;
    for (size_t i = 0; i < made; i++) {
        uint32_t old = old_of[i];
        tree->nodes[i].first_child = (uint32_t)made;
        tree->nodes[i].n_children = first[old + 1] - first[old];
        for (uint32_t k = first[old]; k < first[old + 1]; k++) {
            old_of[made] = order[k];
            tree->nodes[made] = builder->nodes[order[k]];
            tree->nodes[made++].parent = (uint32_t)i;
        }
    }
    free(order);
    free(first);
    free(old_of);
}

void tree_build(struct view *view, bool bottom_up, bool by_line, struct tree *tree) {
    struct builder builder = {0};
    builder.nodes = need_room(NULL, &builder.capacity, 0, sizeof *builder.nodes);
    builder.nodes[builder.n++] = (struct tree_node){0};
    for (size_t i = 0; i < view->profile->n_samples; i++) {
        struct view_stack stack;
        if (view_stack(view, i, &stack))
            add_stack(&builder, &stack, bottom_up, by_line);
    }
    order_nodes(&builder, tree);
    free(builder.nodes);
    keys_free(&builder.keys);
}

void tree_free(struct tree *tree) {
    free(tree->nodes);
    *tree = (struct tree){0};
}
