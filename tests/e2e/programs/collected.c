/* What nobody calls goes when the linker collects garbage, and with it what only that calls: a
 * function that no object has. */
int no_object_has_it(int n);

int not_called(int n) {
    return no_object_has_it(n);
}

int is_called(int n) {
    return n - 1;
}

int main(void) {
    return is_called(1);
}
