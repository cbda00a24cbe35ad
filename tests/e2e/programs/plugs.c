/* Loads libraries in the way its arguments say, once for each: plugs.c WAY LIBRARY... For
 * test_loading.py. */
#include "peak.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int entry_function(int (*)(int), int);

__attribute__((noinline)) int called_back(int n);
int called_back(int n) {
    return n * 2;
}

/* Defined by the program and by each library: who calls which is a matter of how it is loaded. */
__attribute__((noinline)) int everywhere(int n);
int everywhere(int n) {
    return n + 1;
}

static void *open_as(const char *way, const char *path) {
    if (strcmp(way, "namespace") == 0)
        return dlmopen(LM_ID_NEWLM, path, RTLD_NOW);
    if (strcmp(way, "deepbind") == 0)
        return dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    return dlopen(path, RTLD_LAZY | (strcmp(way, "global") == 0 ? RTLD_GLOBAL : RTLD_LOCAL));
}

__attribute__((noinline)) static int use(const char *way, const char *path) {
    void *library = open_as(way, path);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    entry_function *entry;
    *(void **)&entry = dlsym(library, "entry");
    int sum = entry(called_back, everywhere(3));
    if (strcmp(way, "kept") != 0)
        dlclose(library);
    return sum;
}

int main(int argc, char **argv) {
    const char *way = argc > 1 ? argv[1] : "";
    int cycles = strcmp(way, "cycles") == 0 ? 2500 : 1, sum = 0;
    long early = 0;
    for (int i = 0; i < cycles; i++) {
        for (int k = 2; k < argc; k++)
            sum += use(way, argv[k]);
        if (i == cycles / 5)
            early = peak_kib();
    }
    printf("%d\n", sum);
    if (cycles > 1)
        fprintf(stderr, "%ld\n", peak_kib() - early);
    return 0;
}
