/* Names that the Rust program has too, one that it uses, and one that it defines. */
int kept_constructors;
int kept_for_rust(void) { return 77; }
int same_name_in_c(void) { return 5; }
int of_c(void) { return same_name_in_c(); }
int macros(void) { return FROM_LINE + FROM_SCRIPT + FROM_USER; }
int wrapped(int n) { return n; }
