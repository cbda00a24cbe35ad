/* The other library that replaced.c loads. */
int second_entry(int (*function)(int), int n);

/* As large as the first one's. */
__attribute__((noinline)) static int second_work(int n) {
    __asm__ volatile("");
    return n * 9;
}

int second_entry(int (*function)(int), int n) {
    int sum = second_work(n);
    sum += second_work(n + 1);
    sum -= second_work(n + 2);
    sum += function(n);
    return sum;
}
