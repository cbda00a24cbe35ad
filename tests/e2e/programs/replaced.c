// Two libraries that take turns in one place: their functions and lines are their own.
// GROUP libraries
// MODULE replaced_first.c replaced_second.c
// FLAGS -ldl
// EXPECT calls first_work 20
// EXPECT calls second_work 30
// EXPECT edge call first_entry 10
// EXPECT edge call second_entry 10
// EXPECT edge first_entry first_work 20
// EXPECT edge second_entry second_work 30
// EXPECT edge first_entry called_back 10
// EXPECT edge second_entry called_back 10
// EXPECT callers first_work first_entry
// EXPECT callers second_work second_entry
// EXPECT line call first_entry @entry
// EXPECT line call second_entry @entry
// EXPECT line first_entry first_work 10 11
// EXPECT line first_entry called_back 12
// EXPECT line second_entry second_work 11 12 13
// EXPECT line second_entry called_back 14
#include <dlfcn.h>
#include <stdio.h>

typedef int entry_function(int (*)(int), int);

__attribute__((noinline)) static int called_back(int n) {
    return n * 2;
}

__attribute__((noinline)) static int call(entry_function *entry, int n) {
    return entry(called_back, n) + 1; // @entry
}

__attribute__((noinline)) static int use(const char *path, const char *name, int n) {
    void *library = dlopen(path, RTLD_NOW);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        return -1;
    }
    entry_function *entry;
    *(void **)&entry = dlsym(library, name);
    int result = call(entry, n);
    dlclose(library);
    return result;
}

int main(void) {
    int sum = 0;
    for (int i = 0; i < 10; i++) {
        sum += use("./replaced_first.so", "first_entry", i);
        sum += use("./replaced_second.so", "second_entry", i);
    }
    printf("%d\n", sum);
    return 0;
}
