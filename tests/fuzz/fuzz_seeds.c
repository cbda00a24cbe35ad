/*
 * fuzz_seeds.c - what the fuzzers start from: profiles of all kinds, and hostile_seeds.h.
 *
 * fuzz_seeds DIRECTORY fills DIRECTORY/plain with protobuf and DIRECTORY/files with the same as
 * gzip, zstd and plain files.
 */
#include "hostile_seeds.h"
#include "random_profile.h"
#include "tally/pprof.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define N_SEEDS 24

static void make(const char *path) {
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        perror(path);
        exit(1);
    }
}

static void write_seed(const struct tally_pprof_profile *profile, const char *directory,
                       const char *kind, unsigned seed, enum tally_pprof_compression compression) {
    struct tally_pprof_error error;
    char path[4096];
    snprintf(path, sizeof path, "%s/%s-%u-%d", directory, kind, seed, (int)compression);
    if (tally_pprof_write(profile, path, compression, &error) != TALLY_PPROF_OK) {
        fprintf(stderr, "%s: %s\n", path, error.message);
        exit(1);
    }
}

static void write_hostile(const struct hostile_seed *seeds, const char *directory) {
    for (; seeds->name != NULL; seeds++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/hostile-%s", directory, seeds->name);
        FILE *file = fopen(path, "wb");
        if (file != NULL) {
            fwrite(seeds->head, 1, seeds->head_size, file);
            for (size_t i = 0; i < seeds->times; i++)
                fwrite(seeds->item, 1, seeds->item_size, file);
            fwrite(seeds->tail, 1, seeds->tail_size, file);
        }
        if (file == NULL || fclose(file) != 0) {
            perror(path);
            exit(1);
        }
    }
}

int main(int argc, char **argv) {
    char plain[4000], files[4000];
    if (argc != 2) {
        fprintf(stderr, "usage: fuzz_seeds DIRECTORY\n");
        return 2;
    }
    snprintf(plain, sizeof plain, "%s/plain", argv[1]);
    snprintf(files, sizeof files, "%s/files", argv[1]);
    make(argv[1]);
    make(plain);
    make(files);
    for (unsigned seed = 1; seed <= N_SEEDS; seed++) {
        struct tally_pprof_profile *profile = random_profile(seed, 1 + seed % 12);
        write_seed(profile, plain, "seed", seed, TALLY_PPROF_PLAIN);
        write_seed(profile, files, "seed", seed, (enum tally_pprof_compression)(seed % 3));
        tally_pprof_free(profile);
    }
    write_hostile(hostile_plain, plain);
    write_hostile(hostile_plain, files);
    write_hostile(hostile_files, files);
    return 0;
}
