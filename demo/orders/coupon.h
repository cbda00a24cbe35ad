/*
 * coupon.h - what the codes on coupons are good for.
 */
#ifndef TALLY_DEMO_COUPON_H
#define TALLY_DEMO_COUPON_H

#include <stdint.h>

enum coupon_kind { COUPON_PERCENT, COUPON_AMOUNT, COUPON_FREE_SHIPPING };

struct coupon {
    const char *code;
    enum coupon_kind kind;
    uint32_t value;             /* basis points, or cents; 0 for free shipping */
    uint32_t least_goods_cents; /* what the goods must cost, after other discounts */
};

const struct coupon *coupon_find(const char *code); /* null: no such coupon */

#endif
