#include "shop.h"

long fib(int n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

static inline int clamp(int cents) { /* inlined everywhere */
    return check(cents) ? cents : 0;
}

static int check(int cents)
{
    return cents > 0;
}

static int never(void)
{
    return 0;
}

struct order orders[1000];

/* Nothing to do here. */

void idle(void) {}



int main(void)
{
	long sum = 0;
	sum += fib(32);
	for (int i = 0; i < 1000; i++) sum += price(&orders[i]);
	sort_orders();
	if (sum < 0)
		idle(), price(orders);
	return 0;
}
