extern int kept_constructors;
__attribute__((constructor)) static void at_start(void) { kept_constructors += 10; }
