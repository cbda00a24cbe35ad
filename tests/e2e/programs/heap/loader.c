/* A C program that loads the library it is given, in the way it is given: what that allocates when
 * it is loaded and when it is unloaded, and what goes to and fro. For test_heap.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

NOINLINE static void *made_here(void) {
    return malloc(30);
}
NOINLINE static void free_here(void *block) {
    free(block);
}

int main(int argc, char **argv) {
    int mode = RTLD_NOW;
    if (argc > 2)
        mode |= strcmp(argv[2], "deepbind") == 0 ? RTLD_DEEPBIND : RTLD_GLOBAL;
    for (int i = 0; argc > 1 && i < 300; i++) {
        void *library = dlopen(argv[1], mode);
        if (!library) {
            puts(dlerror());
            return 1;
        }
        void *(*make)(void) = (void *(*)(void))dlsym(library, "make_there");
        void (*release)(void *) = (void (*)(void *))dlsym(library, "release_there");
        free_here(make());
        release(made_here());
        release(make());
        dlclose(library);
    }
    return 0;
}
