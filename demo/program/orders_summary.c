/*
 * orders_summary.c - see orders_summary.h: adding up, and the summary for people.
 */
#include "program/orders_summary.h"

#include "common/interruption.h"
#include "common/text_format.h"
#include "orders/order_generator.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int orders_summary_start(struct orders_summary *summary) {
    *summary = (struct orders_summary){.digest = multiset_digest_new()};
    return summary->digest != NULL ? 0 : -ENOTSUP;
}

static void add_failure(struct failure_summary *failures, const struct order_result *result) {
    failures->count++;
    if (failures->count == 1 || result->order->id < failures->first_id) {
        failures->first_id = result->order->id;
        failures->first_verdict = result->verdict;
    }
}

static void add_pricing(struct pricing *sums, const struct pricing *pricing) {
    sums->goods_cents += pricing->goods_cents;
    sums->volume_discount_cents += pricing->volume_discount_cents;
    sums->loyalty_discount_cents += pricing->loyalty_discount_cents;
    sums->coupon_discount_cents += pricing->coupon_discount_cents;
    sums->shipping_cents += pricing->shipping_cents;
    sums->tax_cents += pricing->tax_cents;
}

static void add_to_digest(struct multiset_digest *digest, const struct order_result *result) {
    const struct order_verdict *verdict = &result->verdict;
    const struct pricing *pricing = &result->pricing;
    const uint64_t numbers[] = {
        result->order->id,
        verdict->item,
        verdict->expected,
        pricing->goods_cents,
        pricing->volume_discount_cents,
        pricing->loyalty_discount_cents,
        pricing->coupon_discount_cents,
        pricing->shipping_cents,
        pricing->tax_cents,
        pricing->fraud_score,
    };
    multiset_digest_put_text(digest, order_status_name(result->status));
    multiset_digest_put_text(digest, order_problem_name(verdict->problem));
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        multiset_digest_put_number(digest, numbers[i]);
    }
    multiset_digest_end_element(digest);
}

void orders_summary_add(struct orders_summary *summary, const struct order_result *result) {
    if (result->status == ORDER_CANCELLED) {
        summary->cancelled++;
        return;
    }
    summary->orders++;
    summary->items += result->order->item_count;
    switch (result->status) {
    case ORDER_ACCEPTED:
        summary->accepted++;
        break;
    case ORDER_HELD:
        summary->held++;
        break;
    default:
        summary->failed++;
        add_failure(&summary->failures[result->verdict.problem], result);
        break;
    }
    add_pricing(&summary->sums, &result->pricing);
    add_to_digest(summary->digest, result);
}

void orders_summary_free(struct orders_summary *summary) {
    multiset_digest_free(summary->digest);
}

uint64_t orders_summary_revenue_cents(const struct orders_summary *summary) {
    return pricing_net_cents(&summary->sums) + summary->sums.shipping_cents;
}

/* The order is gone, but it can be made again. */
char *orders_summary_first_failure(const struct orders_summary *summary, enum order_problem problem,
                                   uint64_t seed) {
    const struct failure_summary *failures = &summary->failures[problem];
    struct order *order = generated_order(seed, failures->first_id);
    char *description = order_verdict_describe(failures->first_verdict, order);
    char *printable = format_printable(description, strlen(description));
    free(description);
    order_release(order);
    return printable;
}

static void print_failures(const struct orders_summary *summary, uint64_t seed) {
    printf("Failed           %" PRIu64 "\n", summary->failed);
    for (enum order_problem problem = ORDER_VALID + 1; problem < ORDER_PROBLEMS; problem++) {
        const struct failure_summary *failures = &summary->failures[problem];
        if (failures->count > 0) {
            char *first = orders_summary_first_failure(summary, problem, seed);
            printf("  %-16s%-5" PRIu64 " first order %" PRIu64 ": %s\n",
                   order_problem_name(problem), failures->count, failures->first_id, first);
            free(first);
        }
    }
}

/* Label and amount, in the shop's currency. */
static void print_amount(const char *label, uint64_t cents) {
    printf("%-17s%9" PRIu64 ".%02" PRIu64 "\n", label, cents / 100, cents % 100);
}

static void print_durations(const char *label, const struct duration_stats *stats) {
    char mean[FORMAT_QUANTITY_BYTES], largest[FORMAT_QUANTITY_BYTES], sum[FORMAT_QUANTITY_BYTES];
    format_duration(duration_stats_mean_ns(stats), mean);
    format_duration(stats->largest_ns, largest);
    format_duration(stats->sum_ns, sum);
    printf("%-17s%10s %10s %10s\n", label, mean, largest, sum);
}

static void print_times(const struct orders_summary *summary,
                        const struct orders_options *options) {
    const struct order_metrics *metrics = &summary->metrics;
    char elapsed[FORMAT_QUANTITY_BYTES];
    format_duration(summary->elapsed_ns, elapsed);
    printf("\nTimes, with %" PRIu64 " workers and a queue of %" PRIu64 "\n", options->workers,
           options->queue);
    printf("Elapsed          %s, %.0f orders a second\n", elapsed,
           (double)metrics->processed * 1e9 / (double)summary->elapsed_ns);
    printf("%-17s%10s %10s %10s\n", "", "mean", "largest", "sum");
    for (enum order_priority priority = ORDER_HIGH; priority < ORDER_PRIORITIES; priority++) {
        char label[FORMAT_QUANTITY_BYTES];
        snprintf(label, sizeof(label), "Waiting, %s", order_priority_name(priority));
        print_durations(label, &metrics->queue_wait[priority]);
    }
    print_durations("Processing", &metrics->processing);
    print_durations("Submitting", &metrics->blocked);
}

void orders_summary_print(const struct orders_summary *summary,
                          const struct orders_options *options) {
    char digest[MULTISET_DIGEST_TEXT_BYTES];
    multiset_digest_print(summary->digest, digest);
    if (summary->stopped_by != 0) {
        printf("Run              stopped by %s after %" PRIu64 " orders\n",
               interruption_name(summary->stopped_by), summary->orders);
    }
    printf("Processor        %s\n", processor_choice_name(options->processor));
    printf("Orders           %" PRIu64 " generated with seed %" PRIu64 ", %" PRIu64 " items\n",
           summary->orders, options->seed, summary->items);
    printf("Accepted         %" PRIu64 "\n", summary->accepted);
    printf("Held             %" PRIu64 ", to be looked at for fraud\n", summary->held);
    print_failures(summary, options->seed);
    if (summary->cancelled > 0) {
        printf("Cancelled        %" PRIu64 "\n", summary->cancelled);
    }
    print_amount("Goods", summary->sums.goods_cents);
    print_amount("Volume discount", summary->sums.volume_discount_cents);
    print_amount("Loyalty discount", summary->sums.loyalty_discount_cents);
    print_amount("Coupons", summary->sums.coupon_discount_cents);
    print_amount("Shipping", summary->sums.shipping_cents);
    print_amount("Revenue", orders_summary_revenue_cents(summary));
    print_amount("Tax", summary->sums.tax_cents);
    printf("Results digest   %s\n", digest);
    print_times(summary, options);
}
