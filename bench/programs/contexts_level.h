/*
 * contexts_level.h - one level of contexts.c; included once for each, with LEVEL, NAME and NEXT
 * defined. Ten calls on ten lines: call sites are told apart by their lines.
 */
static KEPT long NAME(long x) {
    contexts++;
    x = inlined(x);
    if (levels <= LEVEL)
        return x;
    x = NEXT(x);
    x = NEXT(x);
    x = NEXT(x);
    x = NEXT(x);
    x = NEXT(x);
    x = NEXT(x);
    x = NEXT(x);
    x = NEXT(x);
    x = NEXT(x);
    x = NEXT(x);
    return x;
}

#undef LEVEL
#undef NAME
#undef NEXT
