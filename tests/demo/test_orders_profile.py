#!/usr/bin/env python3
"""Runs the instrumented demo and checks, to the call, that its profile shows the faults of the naive
order processor, and none of them with the optimised one; and that two profiles are equal, whichever
of ten workers did what.

usage: test_orders_profile.py TALLY-DEMO TALLY

What a run must have called follows from the orders alone: see expected_calls. Nothing here depends
on time.
"""
import os
import re
import sys
import unittest

import test_profile
from orders_reference import expected_calls
from test_profile import PROCESSORS, Profile

MANUAL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/demo.md")
COUNT = 2000
RULES = ("volume_discount", "loyalty_discount", "coupon", "shipping", "tax", "fraud_score")


class OrdersProfile(Profile):
    COMMAND = "orders"

    def __init__(self, processor, *arguments):
        super().__init__(processor, "--count", str(COUNT), *arguments)


class ProfileTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.expected = expected_calls(COUNT, 1)
        cls.profiles = {processor: OrdersProfile(processor) for processor in PROCESSORS}

    def assert_calls(self, processor, expected):
        calls = self.profiles[processor].calls
        self.assertEqual({name: calls.get(name, 0) for name in expected}, expected)

    def assert_allocations(self, processor, expected):
        allocations = self.profiles[processor].allocations
        self.assertEqual({name: allocations.get(name, 0) for name in expected}, expected)


class OrdersProfileTest(ProfileTest):
    def test_each_rule_once_for_each_valid_order(self):
        for processor in PROCESSORS:
            self.assert_calls(processor, {f"rule_{rule}": self.expected["valid"] for rule in RULES})
            self.assert_calls(processor, {
                "run_order": COUNT, "process_order": COUNT, "validate_order": COUNT,
                "is_email_valid": COUNT, "price_order": self.expected["valid"],
                "orders_summary_add": COUNT, "push": COUNT * 2, "pop": COUNT * 2})

    def test_linear_catalogue(self):
        self.assert_calls("naive", {"product_find": self.expected["product_find"],
                                    "product_matches": self.expected["product_matches"]})
        self.assert_calls("optimised", {"product_find": self.expected["validated_items"]})
        found = self.profiles["optimised"].calls
        self.assertLessEqual(found["product_matches"], found["product_find"])

    def test_parsed_table(self):
        n_found = self.expected["country_find"]
        self.assert_calls("naive", {"country_find": n_found, "country_table_parse": n_found,
                                    "parse_country": 13 * n_found})
        self.assert_calls("optimised", {"country_table_parse": 1, "parse_country": 13,
                                        "country_find": n_found - 2 * self.expected["valid"]})

    def test_copied_orders(self):
        self.assert_calls("naive", {"order_copy": 2 * COUNT, "order_share": 0})
        self.assert_calls("optimised", {"order_copy": 0, "order_share": COUNT})

    def test_unread_texts(self):
        self.assert_calls("naive", {"format_log_line": COUNT, "order_result_describe": COUNT})
        self.assert_calls("optimised", {"format_log_line": 0, "order_result_describe": 0})

    def test_pattern_per_order(self):
        self.assert_calls("naive", {"email_pattern_compile": COUNT})
        self.assert_calls("optimised", {"email_pattern_compile": 0})

    def test_pairwise_duplicates(self):
        self.assert_calls("naive", {"is_same_product": self.expected["is_same_product"]})
        self.assert_calls("optimised", {"is_same_product": 0})

    def test_rules_by_name(self):
        valid = self.expected["valid"]
        self.assert_calls("naive", {"rule_find": 6 * valid, "rule_matches": 21 * valid})
        self.assert_calls("optimised", {"rule_find": 0, "rule_matches": 0})

    def test_sorted_list(self):
        self.assert_allocations("naive", {"push": COUNT})
        self.assert_allocations("optimised", {"push": 0})

    def test_one_mutex(self):
        # Four numbers an order, one a submission, and once to read them.
        self.assert_calls("naive", {"lock_counters": 5 * COUNT + 1})
        self.assert_calls("optimised", {"lock_counters": 0})

    def test_the_optimised_processor_allocates_results_alone(self):
        self.assert_allocations("optimised", {"run_order": 0, "order_pool_submit": COUNT,
                                              "generated_order": COUNT + self.n_problems()})

    def n_problems(self):
        """The summary makes the first order of each problem again, to say what it is."""
        return len(self.profiles["optimised"].summary["failures"])

    def test_two_runs_do_the_same(self):
        for processor in PROCESSORS:
            first = self.profiles[processor]
            self.assertGreater(len(first.calls), 100)
            for _ in range(3):
                second = OrdersProfile(processor)
                self.assertEqual(first.calls, second.calls)
                self.assertEqual(first.own_allocations, second.own_allocations)
                self.assertEqual(first.own_allocated_bytes, second.own_allocated_bytes)

    def test_the_queue_changes_nothing_in_the_profile(self):
        for processor in PROCESSORS:
            short, long = (OrdersProfile(processor, "--queue", size) for size in ("7", "300"))
            self.assertEqual(short.calls, long.calls)
            self.assertEqual(short.own_allocations, long.own_allocations)


class ManualTest(ProfileTest):
    def rows(self):
        """Whether it is about allocations, the function, and what each processor has of it."""
        with open(MANUAL, encoding="utf-8") as file:
            section = file.read().split("## The order processor\n")[1]
        return re.findall(r"\| (allocations below )?`(\w+)` \| ([\d ]+) \| ([\d ]+) \|\n", section)

    def test_the_page_shows_what_the_profile_says(self):
        rows = self.rows()
        self.assertGreater(len(rows), 9)
        for allocations, function, *shown in rows:
            for processor, number in zip(PROCESSORS, shown):
                expected = {function: int(number.replace(" ", ""))}
                check = self.assert_allocations if allocations else self.assert_calls
                check(processor, expected)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    test_profile.PROGRAM, test_profile.TALLY = (os.path.abspath(path) for path in sys.argv[1:])
    unittest.main(argv=sys.argv[:1])
