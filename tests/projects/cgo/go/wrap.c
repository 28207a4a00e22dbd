/* The other side of --wrap=wrapped. The call in Go leads here, and from here to the original. */
int __real_wrapped(int n);
int __wrap_wrapped(int n) { return __real_wrapped(n) + 1000; }
