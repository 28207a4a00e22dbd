/* Found by -L and -l, for a package that only another package imports. */
static int same_name(void) { return 2; }
int deep(void) { return same_name() * 100; }
