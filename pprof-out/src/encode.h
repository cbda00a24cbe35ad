/*
 * encode.h - a model as plain protobuf, into a sink; private.
 */
#ifndef TLI_ENCODE_H
#define TLI_ENCODE_H

#include "sink.h"
#include "tally/pprof.h"

/* 0 or -errno. The profile should have passed tally_pprof_check. */
int tli_encode_to(const struct tally_pprof_profile *profile, struct tli_sink sink);

#endif
