#include "feed.h"

#include <stdio.h>

struct feed *names;




int main(void) {
    struct feed feed = {0};
    load(&feed, "first");
    load(&feed, "second");
    parse(&feed);
    grow(&feed, 2);
    return 0;
}


void load(struct feed *feed, const char *name) {



    feed->page = page_new(4096);
    feed->last = strdup("");
}
