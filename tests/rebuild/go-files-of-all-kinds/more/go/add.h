#define TWO 2

int two(void);
