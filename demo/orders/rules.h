/*
 * rules.h - the business rules that need nothing but the order: both processors have these.
 *
 * rule_coupon, rule_shipping and rule_tax need the coupon, the country and the products as well.
 * Each processor finds those in its own way, and so has these rules in its own file. What a rule
 * does is said in pricing.h.
 */
#ifndef TALLY_DEMO_RULES_H
#define TALLY_DEMO_RULES_H

#include "orders/order.h"
#include "orders/pricing.h"

void rule_volume_discount(const struct order *order, struct pricing *pricing);
void rule_loyalty_discount(const struct order *order, struct pricing *pricing);
void rule_fraud_score(const struct order *order, struct pricing *pricing); /* the last one */

struct pricing pricing_of_goods(const struct order *order); /* before all rules */

#endif
