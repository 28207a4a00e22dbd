/* What the library has for C programs. */
#include <stdbool.h>

void plugin_start(void);
long long plugin_next(void);
bool plugin_works(void);
void plugin_describe(void);
