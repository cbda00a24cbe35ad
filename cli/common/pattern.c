/*
 * pattern.c - see pattern.h. The compiled code and its match block live and die together. A match
 * that hits PCRE2's own limits (a pattern that backtracks without end) is said once and counts as
 * no match.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "pattern.h"

#include "say.h"

#include <pcre2.h>
#include <stdlib.h>

struct pattern {
    pcre2_code *code;
    pcre2_match_data *match;
    bool complained;
};

int pattern_new(const char *option, const char *text, struct pattern **pattern) {
    *pattern = NULL;
    if (!text)
        return STATUS_OK;
    int error;
    PCRE2_SIZE offset;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
                                     PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &error, &offset, NULL);
    if (!code) {
        PCRE2_UCHAR cause[128] = "";
        pcre2_get_error_message(error, cause, sizeof cause);
        return say_error(option, "'%s' is no regular expression: %s, at character %zu", text,
                         (const char *)cause, (size_t)offset + 1);
    }
    *pattern = need_array(1, sizeof **pattern);
    (*pattern)->code = code;
    (*pattern)->match = need(pcre2_match_data_create_from_pattern(code, NULL));
    return STATUS_OK;
}

bool pattern_matches(struct pattern *pattern, const char *text) {
    int result = pcre2_match(pattern->code, (PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, 0, 0,
                             pattern->match, NULL);
    if (result < 0 && result != PCRE2_ERROR_NOMATCH && !pattern->complained) {
        PCRE2_UCHAR cause[128] = "";
        pcre2_get_error_message(result, cause, sizeof cause);
        say_note("regular expression: %s", (const char *)cause);
        pattern->complained = true;
    }
    return result >= 0;
}

void pattern_free(struct pattern *pattern) {
    if (!pattern)
        return;
    pcre2_match_data_free(pattern->match);
    pcre2_code_free(pattern->code);
    free(pattern);
}
