/*
 * orders_command.c - `tally-demo orders`: generate orders, have the pool process them, add up what
 * comes back.
 *
 *   this thread: generate ──submit──> pool ──deliver──> the pool's consumer: add to the summary
 *   this thread, when all threads of the pool are gone: print the summary
 *
 * SIGINT and SIGTERM end the run early: what the workers have begun is finished, and what waits is
 * cancelled.
 */
#include "common/interruption.h"
#include "common/message.h"
#include "common/monotonic_clock.h"
#include "orders/order_generator.h"
#include "orders/order_pool.h"
#include "program/command.h"
#include "program/orders_bench.h"
#include "program/orders_options.h"
#include "program/orders_summary.h"
#include "program/progress.h"

#include <inttypes.h>
#include <string.h>

static void add_to_summary(void *context, const struct order_result *result) {
    orders_summary_add(context, result);
}

static struct order_processor *new_processor(const struct orders_options *options) {
    return options->processor == PROCESSOR_OPTIMISED ? optimised_order_processor_new()
                                                     : naive_order_processor_new();
}

static void submit_all(struct order_pool *pool, const struct orders_options *options) {
    struct progress progress = progress_start(!options->quiet, "orders", options->count);
    for (uint64_t id = 1; id <= options->count && interruption_signal() == 0; id++) {
        struct order *order = generated_order(options->seed, id);
        order_pool_submit(pool, order, CHANNEL_FOREVER);
        order_release(order);
        progress_update(&progress, id, 0);
    }
    progress_clear(&progress);
}

static int process_all(const struct order_processor *processor,
                       const struct orders_options *options, struct orders_summary *summary) {
    struct order_pool_config config = {
        .processor = processor,
        .workers = options->workers,
        .capacity = options->queue,
        .payment_ns = options->sleep_ms * UINT64_C(1000000),
        .deliver = add_to_summary,
        .context = summary,
    };
    struct order_pool *pool;
    uint64_t start_ns = monotonic_now_ns();
    int error = order_pool_start(&config, &pool);
    if (error != 0) {
        message_print("--workers %" PRIu64 ": cannot start so many threads: %s", options->workers,
                      strerror(-error));
        return STATUS_FAILED;
    }
    submit_all(pool, options);
    summary->stopped_by = interruption_signal();
    order_pool_stop(pool, summary->stopped_by != 0 ? WORKER_POOL_CANCEL : WORKER_POOL_DRAIN);
    summary->elapsed_ns = monotonic_now_ns() - start_ns;
    order_pool_metrics(pool, &summary->metrics);
    order_pool_free(pool);
    return STATUS_OK;
}

static int report(const struct orders_summary *summary, const struct orders_options *options) {
    if (options->json) {
        orders_summary_print_json(summary, options);
    } else {
        orders_summary_print(summary, options);
    }
    int status = finish_output();
    return status == STATUS_OK && summary->stopped_by != 0
               ? interruption_status(summary->stopped_by)
               : status;
}

static int run_orders(const struct orders_options *options) {
    struct orders_summary summary;
    if (orders_summary_start(&summary) != 0) {
        message_print("libcrypto offers no SHA-256");
        return STATUS_FAILED;
    }
    struct order_processor *processor = new_processor(options);
    interruption_watch();
    int status = process_all(processor, options, &summary);
    if (status == STATUS_OK) {
        status = report(&summary, options);
    }
    order_processor_free(processor);
    orders_summary_free(&summary);
    return status;
}

int orders_command(int argc, char **argv) {
    struct orders_options options;
    if (!orders_options_parse(argc, argv, &options)) {
        return STATUS_BAD_INPUT;
    }
    if (options.help) {
        orders_options_help();
        return finish_output();
    }
    return options.bench.wanted ? orders_bench(&options) : run_orders(&options);
}
