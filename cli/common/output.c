/*
 * output.c - see output.h.
 *
 * Colour follows no-color.org: NO_COLOR, if not empty, turns it off; --color=always, being said on
 * the command line, is stronger. auto also needs a terminal that is not dumb.
 */
#include "output.h"

#include "say.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { NARROWEST = 20, WIDEST = 10000 };

static size_t terminal_width(void) {
    const char *columns = getenv("COLUMNS");
    if (columns && *columns) {
        char *end;
        unsigned long width = strtoul(columns, &end, 10);
        if (!*end && width >= NARROWEST && width <= WIDEST)
            return width;
    }
    struct winsize window;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 &&
        window.ws_col >= NARROWEST)
        return window.ws_col;
    return 0;
}

static bool wants_color(void) {
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return !(no_color && *no_color) && isatty(STDOUT_FILENO) && terminal && *terminal &&
           strcmp(terminal, "dumb") != 0;
}

int output_init(struct output *output, const char *color, uint64_t width, bool raw) {
    *output = (struct output){.raw = raw};
    if (width && (width < NARROWEST || width > WIDEST))
        return say_error("--width", "must be between %d and %d", NARROWEST, WIDEST);
    output->width = width ? (size_t)width : terminal_width();
    output->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    if (!color || strcmp(color, "auto") == 0)
        output->color = wants_color();
    else if (strcmp(color, "always") == 0)
        output->color = true;
    else if (strcmp(color, "never") != 0)
        return say_error("--color", "'%s' is none of auto, always, never", color);
    return STATUS_OK;
}

const char *output_on(const struct output *output, enum style style) {
    static const char *const sequences[] = {
        [STYLE_PLAIN] = "",         [STYLE_HEAD] = "\033[4m",  [STYLE_STRONG] = "\033[1m",
        [STYLE_HOT] = "\033[1;31m", [STYLE_WARM] = "\033[33m", [STYLE_FAINT] = "\033[2m",
    };
    return output->color ? sequences[style] : "";
}

const char *output_off(const struct output *output, enum style style) {
    return output->color && style != STYLE_PLAIN ? "\033[0m" : "";
}

void output_wrapped(const char *text, size_t margin, size_t width) {
    size_t column = margin;
    while (*text) {
        size_t word = strcspn(text, " ");
        size_t columns = word;
        bool first = column == margin;
        if (!first && width && column + 1 + columns > width) {
            printf("\n%*s", (int)margin, "");
            column = margin;
            first = true;
        }
        printf("%s%.*s", first ? "" : " ", (int)word, text);
        column += columns + !first;
        text += word + strspn(text + word, " ");
    }
    putchar('\n');
}

int output_finish(int status) {
    bool failed = ferror(stdout) != 0;
    errno = 0;
    if (fflush(stdout) != 0)
        failed = true;
    int cause = errno;
    /* close reports what NFS and quota hold back until then. */
    if (!failed && close(STDOUT_FILENO) != 0 && errno != EBADF) {
        failed = true;
        cause = errno;
    }
    if (!failed)
        return status;
    return say_error("standard output", "%s", strerror(cause ? cause : EIO));
}
