/* The other file of linkage.c: the strong definition. */
int overridden(int n);

int overridden(int n) {
    return n * 100;
}
