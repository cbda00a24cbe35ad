/* Ends in the way the argument says, with four of five blocks left. For test_heap.py. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void *volatile kept;
static char *volatile nowhere = (char *)8;

__attribute__((noinline)) static void before(void) {
    for (int i = 0; i < 5; i++)
        kept = malloc(10);
    free(kept);
}

int main(int argc, char **argv) {
    const char *way = argc > 1 ? argv[1] : "return";
    before();
    if (strcmp(way, "_exit") == 0)
        _exit(0);
    if (strcmp(way, "exec") == 0)
        execl("/bin/true", "true", (char *)NULL);
    if (strcmp(way, "SIGTERM") == 0)
        raise(SIGTERM);
    if (strcmp(way, "SIGSEGV") == 0)
        *nowhere = 1;
    if (strcmp(way, "SIGABRT") == 0)
        free(kept); /* for the second time: the allocator ends the program */
    if (strcmp(way, "vfork") == 0) {
        pid_t child = vfork();
        if (child == 0)
            _exit(0);
        waitpid(child, NULL, 0);
    }
    return 0;
}
