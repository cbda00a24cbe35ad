/* The one library that replaced.c loads. */
int first_entry(int (*function)(int), int n);

__attribute__((noinline)) static int first_work(int n) {
    __asm__ volatile("");
    return n * 5;
}

int first_entry(int (*function)(int), int n) {
    int sum = first_work(n);
    sum += first_work(n + 1);
    sum += function(n);
    return sum;
}
