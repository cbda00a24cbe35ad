/*
 * gap.h - stands before each source that callgrind looks at: a byte of code that has no line.
 *
 * valgrind 3.19 takes the byte after the code of one source for its last line, too. Where the next
 * source's code follows at once, as it does now and then, its first function would seem to be the
 * other's. Nobody calls what is here.
 */
__asm__(".text\n\tnop");
