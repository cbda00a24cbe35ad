// Calls that the compiler does not see, or sees oddly: from assembly, by naked functions, through
// ifuncs, weak references, old-style declarations, statement expressions; main that calls itself.
// GROUP calls
// EXPECT calls from_assembly 30
// EXPECT callers from_assembly calls_by_assembly
// EXPECT calls calls_by_assembly 30
// EXPECT calls behind_naked 20
// EXPECT callers behind_naked main
// EXPECT calls bare 0
// EXPECT calls chosen 40
// EXPECT edge main chosen 40
// EXPECT calls other_choice 0
// EXPECT absent resolve
// EXPECT calls weakly_known 25
// EXPECT callers weakly_known main
// EXPECT calls old_style 15
// EXPECT edge main old_style 15
// EXPECT calls undeclared_arguments 15
// EXPECT calls twice 200
// EXPECT edge in_expression twice 200
// EXPECT calls in_expression 100
// EXPECT calls cleans 60
// EXPECT edge has_cleanup cleans 40
// EXPECT edge leaves_early cleans 20
// EXPECT calls cleaned_up 60
// EXPECT[g] edge cleans cleaned_up 60
// EXPECT calls main 4
// EXPECT edge main main 3
// EXPECT edge main of_main 4
// EXPECT calls chain_1 10
// EXPECT edge chain_1 chain_2 10
// EXPECT path main;chain_1;chain_2;chain_3 10
#include <stdio.h>

#define NOINLINE __attribute__((noinline))

static volatile int sink;

/* The compiler knows of no call here. */
__attribute__((noinline, used)) int from_assembly(int n);
int from_assembly(int n) {
    return n + 1;
}

NOINLINE static int calls_by_assembly(int n) {
    int result;
    __asm__ volatile("mov %%rsp, %%rbx\n\t"
                     "sub $128, %%rsp\n\t"
                     "and $-16, %%rsp\n\t"
                     "call from_assembly\n\t"
                     "mov %%rbx, %%rsp"
                     : "=a"(result), "+D"(n)
                     :
                     : "rbx", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "xmm0", "xmm1", "cc",
                       "memory");
    return result;
}

/* No prologue, so no place to count; what it jumps to is as if called by its caller. */
__attribute__((noinline, used)) int behind_naked(int n);
int behind_naked(int n) {
    return n * 2;
}

int bare(int n);
__attribute__((naked, no_instrument_function, noinline)) int bare(__attribute__((unused)) int n) {
    __asm__("jmp behind_naked");
}

/* Resolved while the program is being loaded, before there is a thread to count for. */
static int chosen(int n) {
    return n + 7;
}

static int other_choice(int n) {
    return n - 7;
}

__attribute__((unused)) static int (*resolve(void))(int) {
    return __builtin_return_address(0) ? chosen : other_choice;
}

int by_ifunc(int n) __attribute__((ifunc("resolve")));

/* A weak reference, under a name of its own, and one to what is not there. */
NOINLINE int weakly_known(int n);
int weakly_known(int n) {
    return n ^ 9;
}

static int weak_name(int n) __attribute__((weakref("weakly_known")));
static int weak_nothing(int n) __attribute__((weakref("is_nowhere_to_be_found")));

/* As in the seventies. */
#if defined(__clang__) && __clang_major__ > 14
#pragma clang diagnostic ignored "-Wdeprecated-non-prototype"
#endif
NOINLINE static int old_style(a, b, c)
int a;
char b;
double c;
{ return a + b + (int)c; }

int undeclared_arguments();

static int twice(int n) {
    return 2 * n;
}

NOINLINE static int in_expression(int n) {
    return ({
               int half = twice(n);
               half + 1;
           }) +
           ({ twice(n + 1); });
}

NOINLINE static void cleaned_up(int n) {
    sink += n;
}

static void cleans(int *n) {
    cleaned_up(*n);
}

NOINLINE static int has_cleanup(int n) {
    __attribute__((cleanup(cleans))) int outer = n;
    for (int i = 0; i < 1; i++) {
        __attribute__((cleanup(cleans))) int inner = n + i;
        if (n < 0)
            return inner;
    }
    return outer;
}

NOINLINE static int leaves_early(int n) {
    __attribute__((cleanup(cleans))) int value = n;
    if (n % 2)
        goto out;
    value++;
out:
    return value;
}

/* Each is given where the next is to be found. */
typedef int link_function(void *const *chain, int n);
#define NEXT(chain) (*(link_function *const *)(chain))

NOINLINE static int chain_3(void *const *chain, int n) {
    return n + (chain != NULL);
}

NOINLINE static int chain_2(void *const *chain, int n) {
    return NEXT(chain)(chain + 1, n * 2) + 1;
}

NOINLINE static int chain_1(void *const *chain, int n) {
    return NEXT(chain)(chain + 1, n * 3) + 1;
}

NOINLINE static int of_main(int n) {
    return n + 1;
}

int main(int argc, char **argv) {
    static link_function *const links[] = {chain_2, chain_3, NULL};
    int sum = of_main(argc);
    if (argc < 4)
        return main(argc + 1, argv) + (sum > 100);
    for (int i = 0; i < 30; i++)
        sum += calls_by_assembly(i);
    for (int i = 0; i < 20; i++)
        sum += bare(i) + leaves_early(i) + has_cleanup(i);
    for (int i = 0; i < 40; i++)
        sum += by_ifunc(i);
    for (int i = 0; i < 25; i++)
        sum += weak_nothing ? weak_nothing(i) : weak_name(i);
    for (int i = 0; i < 15; i++)
        sum += old_style(i, 'a', 2.5) + undeclared_arguments(i, "text", 3L);
    for (int i = 0; i < 100; i++)
        sum += in_expression(i);
    for (int i = 0; i < 10; i++)
        sum += chain_1((void *const *)links, i);
    printf("%d %d\n", sum, sink);
    return 0;
}

int undeclared_arguments(int a, const char *text, long b) {
    return a + text[0] + (int)b;
}
