/* Variables that are one in all files, each initialised in every file that sees it: the linker keeps
 * the variable with one of the initialisers, which are local symbols. */
#ifndef SHARED_VALUES_H
#define SHARED_VALUES_H

__attribute__((noinline)) inline int initial(int n) {
    return n + 40;
}

inline int inline_variable = initial(1);
inline thread_local int inline_thread_variable = initial(2);

template <typename T> struct Values {
    static T value;
    static thread_local T thread_value;
};
template <typename T> T Values<T>::value = initial(3);
template <typename T> thread_local T Values<T>::thread_value = initial(4);
template <typename T> T variable_template = initial(5);

inline int sum_of_values() {
    static int kept = initial(6);
    static thread_local int thread_kept = initial(7);
    struct Local {
        static int value(int n) {
            return [n](int k) { return n + k; }(1);
        }
    };
    return inline_variable + inline_thread_variable + Values<int>::value +
           Values<int>::thread_value + variable_template<int> + kept + thread_kept +
           Local::value(1);
}

int sum_elsewhere();

#endif
