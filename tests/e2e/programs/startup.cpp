// Before main and after it: initialisers in their order, a program's own operator new that is called
// by all of them, thread-local objects, and destructors in the opposite order.
// GROUP objects
// MATRIX usual
// FLAGS -std=c++17 -pthread
// EXPECT calls ordered 6
// EXPECT edge Named::Named ordered 6
// EXPECT calls Named::Named 6
// EXPECT calls Named::~Named 6
// EXPECT calls very_early 1
// EXPECT callers very_early -
// EXPECT edge very_early in_very_early 1
// EXPECT calls very_late 1
// EXPECT edge very_late in_very_late 1
// EXPECT edge with_local Named::Named 1
// EXPECT calls with_local 3
// EXPECT edge main with_local 3
// EXPECT calls "operator new" 39
// EXPECT calls "operator delete" 39
// EXPECT edge "operator new" allocate 39
// EXPECT edge "operator delete" release 39
// EXPECT edge Named::Named "operator new" 6
// EXPECT edge Named::~Named "operator delete" 6
// EXPECT edge allocates "operator new" 20
// EXPECT calls PerThread::PerThread 13
// EXPECT calls PerThread::~PerThread 13
// EXPECT edge PerThread::PerThread "operator new" 13
// EXPECT edge PerThread::~PerThread "operator delete" 13
// EXPECT calls per_thread_value 13
// EXPECT edge PerThread::PerThread per_thread_value 13
// EXPECT calls in_thread 13
// EXPECT callers in_thread - main
// EXPECT callers registered -
// EXPECT calls registered 2
// EXPECT run threads 13
#include <cstdio>
#include <cstdlib>
#include <new>
#include <pthread.h>

#define NOINLINE __attribute__((noinline))

NOINLINE static void *allocate(std::size_t size) {
    return std::malloc(size);
}
NOINLINE static void release(void *memory) {
    std::free(memory);
}

NOINLINE void *operator new(std::size_t size) {
    void *memory = allocate(size);
    if (!memory)
        throw std::bad_alloc();
    return memory;
}
NOINLINE void operator delete(void *memory) noexcept {
    release(memory);
}
void operator delete(void *memory, std::size_t) noexcept {
    release(memory);
}

static int order;

NOINLINE static int ordered(char name) {
    std::printf("%c %d\n", name, ++order);
    return order;
}

struct Named {
    char name;
    int *place;
    NOINLINE explicit Named(char c) : name(c), place(new int(ordered(c))) {}
    NOINLINE ~Named() {
        std::printf("~%c %d\n", name, *place);
        ::operator delete(place);
    }
};

NOINLINE static void in_very_early() {
    order = 0;
}
__attribute__((constructor(101))) static void very_early() {
    in_very_early();
}
NOINLINE static void in_very_late() {
    std::printf("%d\n", order);
}
__attribute__((destructor(101))) static void very_late() {
    in_very_late();
}

static Named first('a'), second('b');
__attribute__((init_priority(200))) static Named before_them('c');
template <int N> struct Holds { static Named in_template; };
template <int N> Named Holds<N>::in_template('d');
template Named Holds<1>::in_template;

NOINLINE static int with_local(int n) {
    static Named local('e');
    return local.name + n;
}

NOINLINE static int per_thread_value(int n) {
    return n * 2;
}

struct PerThread {
    int *place;
    NOINLINE PerThread() : place(new int(per_thread_value(1))) {}
    NOINLINE ~PerThread() { ::operator delete(place); }
};
static thread_local PerThread per_thread;

static void *in_thread(void *argument) {
    ++*per_thread.place;
    return argument;
}

/* The compiler must not make one of new and delete disappear. */
NOINLINE static int *allocates(int n) {
    return static_cast<int *>(::operator new(sizeof(int) * static_cast<std::size_t>(n)));
}

NOINLINE static void registered() {
    order++;
}

int main() {
    std::atexit(registered);
    std::at_quick_exit(registered);
    std::atexit(registered);
    Named in_main('f');
    int sum = 0;
    for (int i = 0; i < 3; i++)
        sum += with_local(i);
    for (int i = 1; i <= 20; i++)
        ::operator delete(allocates(i));
    for (int i = 0; i < 12; i++) {
        pthread_t thread;
        pthread_create(&thread, nullptr, in_thread, nullptr);
        pthread_join(thread, nullptr);
    }
    in_thread(&sum);
    std::printf("%d\n", sum);
    return 0;
}
