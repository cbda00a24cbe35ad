/*
 * hashed_word.c - see hashed_word.h. The hash is FNV-1a, its halves folded, since tables take the
 * low bits.
 */
#include "documents/hashed_word.h"

struct hashed_word hash_word(const char *text, size_t length) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    }
    return (struct hashed_word){text, length, hash ^ (hash >> 32)};
}
