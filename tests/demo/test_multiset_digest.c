/*
 * test_multiset_digest.c - the fingerprint of results in any order.
 */
#include "common/multiset_digest.h"

#include <criterion/criterion.h>

static void put(struct multiset_digest *digest, const char *text, uint64_t number) {
    multiset_digest_put_text(digest, text);
    multiset_digest_put_number(digest, number);
    multiset_digest_end_element(digest);
}

static void assert_prints(const struct multiset_digest *digest, const char *expected) {
    char text[MULTISET_DIGEST_TEXT_BYTES];
    multiset_digest_print(digest, text);
    cr_assert_str_eq(text, expected);
}

/* What is expected was computed by Python's hashlib and its integers. */
Test(multiset_digest, is_the_sum_of_sha256_of_each_element) {
    struct multiset_digest *digest = multiset_digest_new();
    assert_prints(digest, "0000000000000000000000000000000000000000000000000000000000000000");
    put(digest, "a", 1);
    assert_prints(digest, "37286fc704cf45049bc71010fc8e52866427620cced64409cc0645ff7468a28d");
    put(digest, "b", UINT64_C(0x0123456789abcdef));
    assert_prints(digest, "223ddcc8467b342f47341eda11806ebca5c608601b3901f0c610da7ce14236bb");
    for (int i = 0; i < 100; i++) { /* beyond 2^256 */
        put(digest, "", 7);
    }
    assert_prints(digest, "4809808568703b422755279da0e607601b0a5d657e979e2e5a2b09827ed18eaf");
    multiset_digest_free(digest);
}

Test(multiset_digest, does_not_depend_on_the_order_but_on_the_number) {
    struct multiset_digest *one = multiset_digest_new(), *other = multiset_digest_new();
    char text[MULTISET_DIGEST_TEXT_BYTES], different[MULTISET_DIGEST_TEXT_BYTES];
    for (uint64_t i = 0; i < 50; i++) {
        put(one, "order", i);
        put(other, "order", 49 - i);
    }
    multiset_digest_print(one, text);
    assert_prints(other, text);
    put(other, "order", 49);
    multiset_digest_print(other, different);
    cr_assert_str_neq(text, different);
    multiset_digest_free(one);
    multiset_digest_free(other);
}
