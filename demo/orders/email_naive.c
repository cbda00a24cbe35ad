/*
 * email_naive.c - is a text an e-mail address? By a regular expression of PCRE2.
 *
 * FAULT pattern-per-order: the pattern never changes, and is compiled anew for each order.
 */
#include "common/memory.h"
#include "orders/order_processor_naive.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

static const char pattern[] = "\\A[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+\\z";

static pcre2_code *email_pattern_compile(void) {
    int error;
    PCRE2_SIZE error_offset;
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, 0, &error, &error_offset, NULL);
    if (code == NULL) {
        memory_exhausted(); /* the pattern is a correct one: nothing else can have gone wrong */
    }
    return code;
}

bool is_email_valid(const char *email) {
    pcre2_code *code = email_pattern_compile();
    pcre2_match_data *match = pcre2_match_data_create_from_pattern(code, NULL);
    if (match == NULL) {
        memory_exhausted();
    }
    int found = pcre2_match(code, (PCRE2_SPTR)email, PCRE2_ZERO_TERMINATED, 0, 0, match, NULL);
    pcre2_match_data_free(match);
    pcre2_code_free(code);
    if (found == PCRE2_ERROR_NOMEMORY) {
        memory_exhausted();
    }
    return found > 0;
}
