/*
 * daemon.c - daemon(3) by way of the fork and _exit that the runtime knows of.
 *
 * libc's own ends the parent inside libc, where nobody writes its profile. Like fork, not for
 * signal handlers. The parent's profile is the program's; the daemon, a forked child, has its own.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))

/* Standard input, output and error lead nowhere, unless /dev/null is something else here. */
static int close_standard_files(void) {
    int fd = open("/dev/null", O_RDWR);
    struct stat status;
    if (fd < 0)
        return -1;
    if (fstat(fd, &status) != 0 || !S_ISCHR(status.st_mode) || status.st_rdev != makedev(1, 3)) {
        close(fd);
        errno = ENODEV;
        return -1;
    }
    for (int standard = STDIN_FILENO; standard <= STDERR_FILENO; standard++)
        dup2(fd, standard);
    if (fd > STDERR_FILENO)
        close(fd);
    return 0;
}

PUBLIC int daemon(int keep_directory, int keep_files) {
    pid_t child = fork();
    if (child < 0)
        return -1;
    if (child > 0)
        _exit(0);
    if (setsid() < 0)
        return -1;
    if (!keep_directory)
        (void)!chdir("/");
    return keep_files ? 0 : close_standard_files();
}
