// Before main and after it: constructors, destructors, exit handlers, and handlers added by these.
// GROUP lifetime
// EXPECT calls early 1
// EXPECT calls late 1
// EXPECT calls from_constructors 3
// EXPECT calls very_early 1
// EXPECT edge very_early from_constructors 1
// EXPECT calls at_exit_1 1
// EXPECT calls at_exit_2 1
// EXPECT calls added_at_exit 1
// EXPECT calls on_exit_handler 1
// EXPECT calls destructor 1
// EXPECT edge destructor from_destructor 1
// EXPECT edge at_exit_1 leaf 1
// EXPECT callers main -
// EXPECT run ended_by exit
// STATUS 9
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>

static int order;

static void say(const char *who) {
    printf("%d %s\n", order++, who);
}

__attribute__((noinline)) static void from_constructors(void) {
    say("from a constructor");
}

__attribute__((constructor(101))) static void very_early(void) {
    from_constructors();
}

__attribute__((constructor(200))) static void early(void) {
    from_constructors();
}

__attribute__((constructor)) static void late(void) {
    from_constructors();
}

__attribute__((noinline)) static void leaf(void) {
    say("leaf");
}

static void added_at_exit(void) {
    say("added at exit");
}

static void at_exit_1(void) {
    leaf();
    atexit(added_at_exit);
}

static void at_exit_2(void) {
    say("second");
}

static void on_exit_handler(int status, void *argument) {
    (void)argument;
    printf("%d\n", status);
}

__attribute__((noinline)) static void from_destructor(void) {
    say("from a destructor");
}

__attribute__((destructor)) static void destructor(void) {
    from_destructor();
}

int main(void) {
    atexit(at_exit_1);
    atexit(at_exit_2);
    on_exit(on_exit_handler, NULL);
    say("main");
    return 9;
}
