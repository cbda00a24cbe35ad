/*
 * coupon.c - see coupon.h.
 */
#include "orders/coupon.h"

#include <stddef.h>
#include <string.h>

const struct coupon *coupon_find(const char *code) {
    static const struct coupon coupons[] = {
        {"WELCOME10", COUPON_PERCENT, 1000, 0},      {"SPRING15", COUPON_PERCENT, 1500, 8000},
        {"MINUS5", COUPON_AMOUNT, 500, 2500},        {"MINUS50", COUPON_AMOUNT, 5000, 30000},
        {"SHIPFREE", COUPON_FREE_SHIPPING, 0, 3000},
    };
    for (size_t i = 0; i < sizeof(coupons) / sizeof(coupons[0]); i++) {
        if (strcmp(coupons[i].code, code) == 0) {
            return &coupons[i];
        }
    }
    return NULL;
}
