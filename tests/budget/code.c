/* code.c - functions whose instructions test_code.py counts. Nothing here is run. */

int outside(int n);
extern int seen;

int leaf(int n) {
    return n * 3 + 1;
}

int one_call(int n) {
    return outside(n) + 1;
}

int two_calls(int n) {
    return outside(outside(n)) + 1;
}

int by_pointer(int (*function)(int), int n) {
    return function(n) + 1;
}

static inline void body(int n) {
    seen = n;
}

/* The empty assembler text keeps the loop a loop. */
void loop(int n) {
    do {
        body(n);
        __asm__ volatile("");
    } while (--n);
}
