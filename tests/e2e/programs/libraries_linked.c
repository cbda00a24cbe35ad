/* The shared library that libraries.c is linked with. */
int linked_sum(int n);
int linked_calls_back(int (*function)(int), int n);

__attribute__((noinline)) static int helper(int n) {
    return n + 7;
}

int linked_sum(int n) {
    int sum = 0;
    for (int i = 0; i < 10; i++)
        sum += helper(n + i);
    return sum;
}

int linked_calls_back(int (*function)(int), int n) {
    return function(n);
}
