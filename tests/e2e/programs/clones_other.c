/* The function that clones.c has a body of for inlining. */
int old_inline(int n);
int old_inline(int n) {
    return n + 17;
}
