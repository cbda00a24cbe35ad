/*
 * email_optimised.c - is a text an e-mail address? What the pattern of email_naive.c says is simple
 * enough to be read in one pass, by the span of characters that each part may have.
 */
#include "orders/order_processor_optimised.h"

#include <string.h>

#define LETTERS_AND_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static bool is_email_valid(const char *email) {
    size_t local_bytes = strspn(email, LETTERS_AND_DIGITS "._%+-");
    if (local_bytes == 0 || email[local_bytes] != '@') {
        return false;
    }
    size_t labels = 0;
    const char *label = email + local_bytes;
    do {
        size_t label_bytes = strspn(++label, LETTERS_AND_DIGITS "-");
        if (label_bytes == 0) {
            return false;
        }
        labels++;
        label += label_bytes;
    } while (*label == '.');
    return labels >= 2 && *label == '\0';
}

bool (*const optimised_is_email_valid)(const char *) = is_email_valid;
