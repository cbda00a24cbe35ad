/*
 * fuzz_decode.c - any bytes into the decoder, and what it makes of them through everything else.
 *
 * Beyond memory errors, it holds pprof-out to its word: a status and a message belong together;
 * what passes the check can be encoded, is read back, and then encodes to the very same bytes;
 * every profile can be merged with itself, unless that is beyond 64 bits, and the sum of a valid
 * one is valid.
 */
#include "tally/pprof.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void insist(bool truth) {
    if (!truth)
        abort();
}

static struct tally_pprof_profile *decode(const uint8_t *bytes, size_t size) {
    struct tally_pprof_profile *profile;
    struct tally_pprof_error error;
    enum tally_pprof_status status = tally_pprof_decode(bytes, size, &profile, &error);
    insist(status == error.status);
    insist((status == TALLY_PPROF_OK) == (profile != NULL));
    insist((status == TALLY_PPROF_OK) == (error.message[0] == '\0'));
    insist(strchr(error.message, '\n') == NULL);
    insist(status != TALLY_PPROF_INVALID && status != TALLY_PPROF_INCOMPATIBLE &&
           status != TALLY_PPROF_IO);
    return profile;
}

static void merge_with_itself(const struct tally_pprof_profile *profile, bool is_valid) {
    const struct tally_pprof_profile *twice[] = {profile, profile};
    struct tally_pprof_profile *sum;
    insist(tally_pprof_merge(twice, 2, &sum, NULL) == TALLY_PPROF_OK);
    insist(sum->n_samples <= profile->n_samples);
    insist(!is_valid || tally_pprof_check(sum, NULL) == TALLY_PPROF_OK);
    tally_pprof_free(sum);
}

static void go_round(const struct tally_pprof_profile *profile) {
    uint8_t *first, *second;
    size_t first_size, second_size;
    insist(tally_pprof_encode(profile, &first, &first_size, NULL) == TALLY_PPROF_OK);
    struct tally_pprof_profile *back;
    enum tally_pprof_status status = tally_pprof_decode(first, first_size, &back, NULL);
    free(first);
    if (status == TALLY_PPROF_TOO_LARGE) /* as below: what became equal is added up */
        return;
    insist(status == TALLY_PPROF_OK && tally_pprof_check(back, NULL) == TALLY_PPROF_OK);
    insist(back->n_samples <= profile->n_samples);
    /* From here on strings are clean UTF-8, and things that became equal have become one. */
    insist(tally_pprof_encode(back, &first, &first_size, NULL) == TALLY_PPROF_OK);
    struct tally_pprof_profile *again = decode(first, first_size);
    insist(again != NULL);
    insist(tally_pprof_encode(again, &second, &second_size, NULL) == TALLY_PPROF_OK);
    insist(first_size == second_size && memcmp(first, second, first_size) == 0);
    free(first);
    free(second);
    tally_pprof_free(back);
    tally_pprof_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct tally_pprof_profile *profile = decode(bytes, size);
    if (profile == NULL)
        return 0;
    bool is_valid = tally_pprof_check(profile, NULL) == TALLY_PPROF_OK;
    merge_with_itself(profile, is_valid);
    if (is_valid)
        go_round(profile);
    tally_pprof_free(profile);
    return 0;
}
