/*
 * hits.c - who asks most? Counts the lines of a web server's log by client, its first word.
 */
#include "counts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

enum { SHOWN = 3 };

static const char *client_of(char *line) {
    line[strcspn(line, " \n")] = '\0';
    return line;
}

static void count_clients(FILE *log, struct counts *clients) {
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, log) >= 0) {
        counts_add(clients, client_of(line));
    }
    free(line);
}

static void print_first(const struct counts *clients) {
    size_t n_clients;
    struct count *sorted = counts_sorted(clients, &n_clients);
    for (size_t i = 0; i < n_clients && i < SHOWN; i++) {
        printf("%7zu %s\n", sorted[i].times, sorted[i].word);
    }
    printf("%7zu clients\n", n_clients);
    free(sorted);
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: hits LOG\n");
        return 2;
    }
    FILE *log = fopen(argv[1], "r");
    if (log == NULL) {
        perror(argv[1]);
        return 2;
    }
    struct counts *clients = counts_new();
    count_clients(log, clients);
    fclose(log);
    print_first(clients);
    counts_free(clients);
    return 0;
}
