// Functions in a shared library, in one that is loaded, unloaded and loaded again, and back.
// GROUP libraries
// SHARED libraries_linked.c
// MODULE libraries_loaded.c
// FLAGS -ldl
// EXPECT calls linked_sum 10
// EXPECT edge main linked_sum 10
// EXPECT[named] calls helper@libraries_linked.c 100
// EXPECT[named] edge linked_sum helper@libraries_linked.c 100
// EXPECT calls loaded_entry 9
// EXPECT edge use loaded_entry 9
// EXPECT[named] calls helper@libraries_loaded.c 27
// EXPECT calls called_back 37
// EXPECT edge loaded_entry called_back 27
// EXPECT edge linked_calls_back called_back 10
// EXPECT calls loaded_constructor 3
// EXPECT calls loaded_destructor 3
// EXPECT edge main use 3
// EXPECT[named] callers helper@libraries_loaded.c loaded_entry
#include <dlfcn.h>
#include <stdio.h>

int linked_sum(int n);
int linked_calls_back(int (*function)(int), int n);

__attribute__((noinline)) static int called_back(int n) {
    return n * 2;
}

__attribute__((noinline)) static int use(int round) {
    void *library = dlopen("./libraries_loaded.so", RTLD_NOW);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        return -1;
    }
    int (*entry)(int (*)(int), int);
    *(void **)&entry = dlsym(library, "loaded_entry");
    int sum = 0;
    for (int i = 0; i < 3; i++)
        sum += entry(called_back, i + round);
    dlclose(library);
    return sum;
}

int main(void) {
    int sum = 0;
    for (int i = 0; i < 10; i++)
        sum += linked_sum(i) + linked_calls_back(called_back, i);
    for (int i = 0; i < 3; i++)
        sum += use(i);
    printf("%d\n", sum);
    return 0;
}
