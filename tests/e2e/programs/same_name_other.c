/* The other file of same_name.c. */
int second(int n);

__attribute__((noinline)) static int helper(int n) {
    return n * 7;
}

int second(int n) {
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += helper(i);
    return sum;
}
