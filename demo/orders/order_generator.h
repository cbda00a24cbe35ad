/*
 * order_generator.h - orders as a shop might get them, reproducible.
 *
 * An order depends on the seed and on its number alone: each can be made again by itself, and by
 * any thread. Of a hundred orders, about 20 have high priority, 50 medium and 30 low; 15 have a
 * coupon; and one each has the problems of enum order_problem. A customer has the same name,
 * country and tier in all orders. Orders have 1 to 8 items, but for those with too many or none.
 */
#ifndef TALLY_DEMO_ORDER_GENERATOR_H
#define TALLY_DEMO_ORDER_GENERATOR_H

#include "orders/order.h"

#include <stdint.h>

struct order *generated_order(uint64_t seed, uint64_t id);

#endif
