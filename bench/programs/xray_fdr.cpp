/*
 * xray_fdr.cpp - what a program needs to be recorded by XRay's flight data recorder from start to
 * end.
 *
 * Its basic mode starts by an environment variable; this one has to be asked by the program itself.
 * XRAY_OPTIONS must have patch_premain=true. The mode's own settings come from XRAY_FDR_OPTIONS.
 * When its buffers are full it keeps what is newest.
 */
#include <cstdio>
#include <cstdlib>
#include <xray/xray_log_interface.h>

#define UNRECORDED __attribute__((xray_never_instrument))

UNRECORDED __attribute__((constructor)) static void begin(void) {
    const char *options = getenv("XRAY_FDR_OPTIONS");
    if (__xray_log_init_mode("xray-fdr", options ? options : "") != XRAY_LOG_INITIALIZED)
        fputs("xray_fdr: could not begin\n", stderr);
}

UNRECORDED __attribute__((destructor)) static void end(void) {
    if (__xray_log_finalize() != XRAY_LOG_FINALIZED || __xray_log_flushLog() != XRAY_LOG_FLUSHED)
        fputs("xray_fdr: the log could not be written\n", stderr);
}
