/*
 * orders_summary_json.c - the summary of orders_summary.h for programs.
 *
 * Keys are stable; numbers are plain integers in the unit that their key names. All that differs
 * between two runs is under "times".
 */
#include "program/json_values.h"
#include "program/orders_summary.h"

#include <stdlib.h>

static json_t *failures_value(const struct orders_summary *summary, uint64_t seed) {
    json_t *list = json_array();
    for (enum order_problem problem = ORDER_VALID + 1; problem < ORDER_PROBLEMS; problem++) {
        const struct failure_summary *failures = &summary->failures[problem];
        if (failures->count > 0) {
            char *first = orders_summary_first_failure(summary, problem, seed);
            json_t *value = json_object();
            json_put(value, "problem", json_string(order_problem_name(problem)));
            json_put_number(value, "count", failures->count);
            json_put_number(value, "first_order", failures->first_id);
            json_put(value, "first_cause", json_string(first));
            json_push(list, value);
            free(first);
        }
    }
    return list;
}

static json_t *times_value(const struct orders_summary *summary) {
    const struct order_metrics *metrics = &summary->metrics;
    json_t *value = json_object(), *waits = json_object();
    for (enum order_priority priority = ORDER_HIGH; priority < ORDER_PRIORITIES; priority++) {
        json_put_durations(waits, order_priority_name(priority), &metrics->queue_wait[priority]);
    }
    json_put_number(value, "elapsed_ns", summary->elapsed_ns);
    json_put(value, "queue_wait", waits);
    json_put_durations(value, "processing", &metrics->processing);
    json_put_durations(value, "submitting", &metrics->blocked);
    return value;
}

static json_t *input_value(const struct orders_options *options) {
    json_t *value = json_object();
    json_put_number(value, "generated", options->count);
    json_put_number(value, "seed", options->seed);
    return value;
}

static json_t *pool_value(const struct orders_options *options) {
    json_t *value = json_object();
    json_put_number(value, "workers", options->workers);
    json_put_number(value, "queue", options->queue);
    json_put_number(value, "sleep_ms", options->sleep_ms);
    return value;
}

void orders_summary_print_json(const struct orders_summary *summary,
                               const struct orders_options *options) {
    char digest[MULTISET_DIGEST_TEXT_BYTES];
    multiset_digest_print(summary->digest, digest);
    const struct pricing *sums = &summary->sums;
    json_t *root = json_object();
    json_put(root, "processor", json_string(processor_choice_name(options->processor)));
    json_put_signal(root, "stopped_by", summary->stopped_by);
    json_put(root, "input", input_value(options));
    json_put(root, "pool", pool_value(options));
    json_put_number(root, "orders", summary->orders);
    json_put_number(root, "items", summary->items);
    json_put_number(root, "accepted", summary->accepted);
    json_put_number(root, "held", summary->held);
    json_put_number(root, "failed", summary->failed);
    json_put_number(root, "cancelled", summary->cancelled);
    json_put(root, "failures", failures_value(summary, options->seed));
    json_put_number(root, "goods_cents", sums->goods_cents);
    json_put_number(root, "volume_discount_cents", sums->volume_discount_cents);
    json_put_number(root, "loyalty_discount_cents", sums->loyalty_discount_cents);
    json_put_number(root, "coupon_discount_cents", sums->coupon_discount_cents);
    json_put_number(root, "shipping_cents", sums->shipping_cents);
    json_put_number(root, "revenue_cents", orders_summary_revenue_cents(summary));
    json_put_number(root, "tax_cents", sums->tax_cents);
    json_put(root, "results_digest", json_string(digest));
    json_put(root, "times", times_value(summary));
    json_print(root);
}
