// Lambdas whose numbers are each compiler's and each level's own: some are called, some converted to
// pointers, some given to templates and to std::function, in another order than they stand in.
// FLAGS -std=c++17
#include <cstdio>
#include <functional>

template <class F> int apply(F f, int n) {
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += f(i);
    return sum;
}

static int kept(const std::function<int(int)> &f, int n) {
    int sum = 0;
    while (n-- > 0)
        sum += f(n);
    return sum;
}

inline int lent(int n) {
    auto one = [](int x) { return x + 5; };
    auto other = [](int x) { return x * 6; };
    return apply(other, n) + apply(one, n + 1);
}

int main(int argc, char **) {
    auto first = [=](int x) { return x + argc; };
    auto second = [](int x) { return x + 2; };
    auto third = [=](int x) { return x * argc; };
    auto generic = [](auto x, int n) { return n + (int)sizeof x; };
    struct {
        int get(int x) {
            return x - 1;
        }
    } unnamed;
    int (*volatile pointer)(int) = second;
    int sum = pointer(3) + apply(third, 2) + apply(second, 3) + kept(third, 7) + kept(first, 11);
    sum += lent(argc + 4) + unnamed.get(argc) + apply(first, 5);
    for (int i = 0; i < 13; i++)
        sum += generic(sum, i) + (i % 2 ? generic(2.0, sum) : generic('c', sum));
    printf("%d\n", sum);
    return 0;
}
