/*
 * symbols.h - names and lines of addresses in one ELF file, by elfutils' libdw.
 *
 *   address ──> compilation unit ──> function ──> bodies inlined at that address
 *           └─> ELF symbol, where there is no debugging information, or where that has no linkage
 *               name: gcc writes none of functions that other files cannot call
 *
 * Debugging information is taken from the file itself, from split .dwo files, and from the usual
 * places for separate files (by build id or .gnu_debuglink); never from the network. An address
 * that is a function's entry belongs to that function alone and has the line of its declaration;
 * any other has the line of the code, and every inlined body around it.
 */
#ifndef TALLY_CLI_SYMBOLS_H
#define TALLY_CLI_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbols;

struct symbol_frame {
    char *name;        /* as names.h spells it */
    char *system_name; /* as the linker sees it */
    char *file;        /* or "" */
    int64_t start_line, line;
};

/* Null when it is no ELF file that can be read; then *cause says why (constant text). */
struct symbols *symbols_open(const char *path, const char **cause);
void symbols_close(struct symbols *symbols);

/* Build id in hexadecimal, "" if it has none. */
const char *symbols_build_id(const struct symbols *symbols);

/* The link-time address of a file offset; false if no loaded segment has it. */
bool symbols_address(const struct symbols *symbols, uint64_t file_offset, uint64_t *address);

/* Frames at a link-time address, innermost first; *n of them, 0 if nothing is known. Release with
 * symbols_free_frames. */
struct symbol_frame *symbols_find(struct symbols *symbols, uint64_t address, size_t *n);

/* The line, in the function that begins at `entry`, of the code at `address`, which may be in a
 * copy of it inlined elsewhere. False, and *line as it was, if the code there is not this
 * function's; as it was also where there are no lines. */
bool symbols_line_in(struct symbols *symbols, uint64_t entry, uint64_t address, int64_t *line);

void symbols_free_frames(struct symbol_frame *frames, size_t n);

#endif
