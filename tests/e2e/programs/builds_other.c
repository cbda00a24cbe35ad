/* The other file of builds.c. */
int other_work(int n);
int other_twin(int n);
int other_overridden(int n);
long other_calls_back(int (*function)(int), int n);
int never_called(int n);

static int helper(int n) {
    return n ^ 6;
}

static int reduce(int n) {
    return helper(n) / 2;
}

int other_work(int n) {
    return reduce(n) + helper(n);
}

__attribute__((noinline)) int other_twin(int n) {
    return n * 7 + 5;
}

int other_overridden(int n) {
    return n * 100;
}

long other_calls_back(int (*function)(int), int n) {
    long sum = function(n);
    return sum + function(n + 1);
}

int never_called(int n) {
    return n;
}
