// Templates, lambdas, operators, conversions, constant expressions run at run time: what is written
// once and called by many names, or called without a name.
// GROUP objects
// MATRIX usual
// FLAGS -std=c++20
// EXPECT[clang] calls make_adder*operator()* 40
// EXPECT[gcc] calls calls_adder 1
// EXPECT edge calls_adder *operator()* 40
// EXPECT[clang] edge calls_pointer *__invoke 30
// EXPECT[clang] edge *__invoke *operator()* 30
// EXPECT[gcc] edge calls_pointer *_FUN 30
// EXPECT[gcc] edge *_FUN *operator()* 30
// EXPECT edge generic *operator()<int> 12
// EXPECT edge generic *operator()<double> 12
// EXPECT calls *operator()<*> 309
// EXPECT edge *operator()<*> *operator()<*> 235
// EXPECT edge recursive *operator()<*> 50
// EXPECT edge immediate *operator()* 18
// EXPECT edge mutates *operator()* 54
// EXPECT edge in_lambda nested_leaf 0
// EXPECT edge *operator()* nested_leaf 25
// EXPECT calls Number::operator* 180
// EXPECT edge converts "Number::operator int" 20
// EXPECT edge converts "Number::operator bool" 20
// EXPECT edge uses_operators Number::operator++ 40
// EXPECT edge uses_operators Number::operator[] 20
// EXPECT edge uses_operators Number::operator() 20
// EXPECT edge uses_operators Number::operator-> 20
// EXPECT edge uses_operators Number::operator, 20
// EXPECT edge uses_operators Number::operator+= 20
// EXPECT edge uses_operators operator*_number 20
// EXPECT calls at_run_time 64
// EXPECT edge sums_squares at_run_time 64
// EXPECT calls only_compiled 0
// EXPECT calls Version::operator<=> 90
// EXPECT calls Version::operator== 15
// EXPECT edge orders Version::operator<=> 90
// EXPECT edge Version::operator<=> Part::operator<=> 120
// EXPECT edge binds get<*> 32
// EXPECT calls get<0*> 16
// EXPECT calls get<1*> 16
// EXPECT edge sum_of_all<*> sum_of_all<*> 16
// EXPECT edge sum_of_all<char> sum_of_all 8
// EXPECT edge main sum_of_all<*> 8
// EXPECT edge sum_of_all<*> weight 24
// EXPECT calls folded<*> 8
// EXPECT edge folded<*> weight 32
// EXPECT calls Curious<*>::twice 22
// EXPECT edge Curious<*>::twice Derived1::once 22
// EXPECT edge Curious<*>::twice Derived2::once 22
// EXPECT edge dispatch<*> Curious<*>::twice 22
// EXPECT calls specialised<int> 9
// EXPECT calls specialised<*> 18
// EXPECT edge specialised<*> general_way 9
// EXPECT edge specialised<int> special_way 9
// EXPECT edge sorts<*> Less::operator() stdout:compared
// EXPECT edge main defaults 10
// EXPECT edge main default_argument 10
// EXPECT calls defaults 10
// EXPECT edge main end_of_generic 1
#include <compare>
#include <cstdio>
#include <tuple>
#include <utility>

#define NOINLINE __attribute__((noinline))

static long events;

NOINLINE static auto make_adder(int n) {
    return [n](int k) { return n + k; };
}

NOINLINE static void calls_adder() {
    auto adder = make_adder(3);
    for (int i = 0; i < 40; i++)
        events += adder(i);
}

NOINLINE static int calls_pointer(int (*function)(int), int n) {
    return function(n);
}

NOINLINE static void generic() {
    auto twice = [](auto value) { return value + value; };
    for (int i = 0; i < 12; i++) {
        events += twice(i);
        events += static_cast<long>(twice(i * .5));
    }
}

/* 50 calls, and 235 by itself. */
NOINLINE static void recursive() {
    auto down = [](auto &self, int n) NOINLINE -> int { return n ? self(self, n - 1) + 1 : 0; };
    for (int i = 0; i < 50; i++)
        events += down(down, i % 11);
}

NOINLINE static int immediate(int n) {
    const int squared = [&] { return n * n; }();
    return squared + 1;
}

NOINLINE static int mutates(int n) {
    auto next = [count = n]() mutable { return ++count; };
    return next() + next() + next();
}

NOINLINE static int nested_leaf(int n) {
    return n + 1;
}

NOINLINE static int in_lambda(int n) {
    auto outer = [](int k) {
        auto inner = [k](int m) { return nested_leaf(k + m); };
        return inner(k);
    };
    return outer(n);
}

struct Number {
    int n;
    NOINLINE explicit operator int() const { return n; }
    NOINLINE explicit operator bool() const { return n != 0; }
    NOINLINE Number &operator++() {
        n++;
        return *this;
    }
    NOINLINE Number operator++(int) {
        Number old = *this;
        n += 2;
        return old;
    }
    NOINLINE int operator[](int k) const { return n + k; }
    NOINLINE int operator()(int k) const { return n * k; }
    NOINLINE const Number *operator->() const { return this; }
    NOINLINE int operator,(int k) const { return k - n; }
    NOINLINE Number &operator+=(int k) {
        n += k;
        return *this;
    }
};
NOINLINE static Number operator""_number(unsigned long long n) {
    return {static_cast<int>(n)};
}

NOINLINE static int converts(Number number) {
    return static_cast<bool>(number) ? static_cast<int>(number) : 1;
}

NOINLINE static int uses_operators(Number number) {
    ++number;
    number++;
    number += number[1];
    return number(2) + number->n + (number, 3) + (5_number).n;
}

constexpr int at_run_time(int n) {
    return n * n;
}
consteval int only_compiled(int n) {
    return n * 3;
}
static_assert(at_run_time(4) == 16);

NOINLINE static int sums_squares(int n) {
    int sum = only_compiled(4);
    for (int i = 0; i < n; i++)
        sum += at_run_time(i + n);
    return sum;
}

struct Part {
    int n;
    NOINLINE std::strong_ordering operator<=>(const Part &other) const { return n <=> other.n; }
    NOINLINE bool operator==(const Part &other) const { return n == other.n; }
};
/* Compares its parts one after the other until two differ. */
struct Version {
    Part major, minor;
    std::strong_ordering operator<=>(const Version &) const = default;
    bool operator==(const Version &) const = default;
};

NOINLINE static int orders(const Version &a, const Version &b) {
    return (a < b) + (a > b) + (a <= b) + (a >= b) + (a <=> b == 0) + (b < a);
}
NOINLINE static int equals(const Version &a, const Version &b) {
    return a == b;
}

struct Couple {
    int one;
    double two;
};
template <std::size_t I> NOINLINE auto get(const Couple &couple) {
    if constexpr (I == 0)
        return couple.one;
    else
        return couple.two;
}
template <> struct std::tuple_size<Couple> : std::integral_constant<std::size_t, 2> {};
template <> struct std::tuple_element<0, Couple> { using type = int; };
template <> struct std::tuple_element<1, Couple> { using type = double; };

NOINLINE static int binds(const Couple &couple) {
    auto [one, two] = couple;
    return one + static_cast<int>(two);
}

NOINLINE static int weight(int n) {
    return n * 2;
}

NOINLINE static int sum_of_all() {
    return 0;
}
template <typename First, typename... Rest> NOINLINE int sum_of_all(First first, Rest... rest) {
    return weight(static_cast<int>(first)) + sum_of_all(rest...);
}
template <typename... All> NOINLINE int folded(All... all) {
    return (weight(static_cast<int>(all)) + ...);
}

template <typename Derived> struct Curious {
    NOINLINE int twice(int n) {
        auto &self = static_cast<Derived &>(*this);
        return self.once(n) + self.once(n + 1);
    }
};
struct Derived1 : Curious<Derived1> {
    NOINLINE int once(int n) { return n + 1; }
};
struct Derived2 : Curious<Derived2> {
    NOINLINE int once(int n) { return n + 2; }
};
template <typename T> NOINLINE int dispatch(Curious<T> &object, int n) {
    return object.twice(n);
}

NOINLINE static int general_way(int n) {
    return n + 3;
}
NOINLINE static int special_way(int n) {
    return n + 4;
}
template <typename T> NOINLINE int specialised(T value) {
    return general_way(static_cast<int>(value));
}
template <> NOINLINE int specialised<int>(int value) {
    return special_way(value);
}

static int compared;

struct Less {
    NOINLINE bool operator()(int a, int b) const {
        compared++;
        return a < b;
    }
};

/* Insertion sort, with a comparator as std::sort takes one. */
template <typename Compare> NOINLINE void sorts(int *values, int n, Compare less_counted) {
    for (int i = 1; i < n; i++)
        for (int k = i; k > 0 && less_counted(values[k], values[k - 1]); k--)
            std::swap(values[k], values[k - 1]);
}

NOINLINE static int default_argument() {
    return 5;
}
NOINLINE static int defaults(int n = default_argument()) {
    return n;
}

NOINLINE static int end_of_generic(int n) {
    return n;
}

int main() {
    calls_adder();
    for (int i = 0; i < 30; i++)
        events += calls_pointer([](int n) { return n * 7; }, i);
    generic();
    recursive();
    for (int i = 0; i < 18; i++)
        events += immediate(i) + mutates(i);
    for (int i = 0; i < 25; i++)
        events += in_lambda(i);
    for (int i = 1; i <= 20; i++)
        events += converts(Number{i}) + uses_operators(Number{i});
    for (int i = 0; i < 8; i++)
        events += sums_squares(8);
    for (int i = 0; i < 15; i++) {
        Version one = {{i % 3}, {1}}, two = {{1}, {i}};
        events += orders(one, two) + equals(one, two);
    }
    for (int i = 0; i < 16; i++)
        events += binds(Couple{i, i * .5});
    for (int i = 0; i < 8; i++)
        events += sum_of_all(i, 2.5, 'a') + folded(1, 2L, 'b', 3.5f);
    Derived1 one;
    Derived2 two;
    for (int i = 0; i < 11; i++)
        events += dispatch(one, i) + dispatch(two, i);
    for (int i = 0; i < 9; i++)
        events += specialised(i) + specialised(i * 1.5);
    int values[] = {5, 1, 4, 2, 3, 9, 8, 7};
    sorts(values, 8, Less());
    for (int i = 0; i < 10; i++)
        events += defaults();
    std::printf("%ld %d\ncompared=%d\n", events, values[0], compared);
    return end_of_generic(0);
}
