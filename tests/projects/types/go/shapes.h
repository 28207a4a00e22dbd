/* What C declares and Go exports functions of. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
	double x, y;
} point;

/* Two floats fit into registers on many targets, and beside a whole number on few. */
struct mixed {
	float f;
	int32_t i;
	double d;
};

struct small {
	uint8_t a, b, c;
};

struct nested {
	point corner[2];
	char name[12];
	struct small *next;
	struct mixed inner;
};

struct bits {
	unsigned low : 3;
	signed middle : 9;
	unsigned high : 20;
	float f;
};

#pragma pack(push, 1)
struct tight {
	uint8_t a;
	uint64_t b;
	uint16_t c;
};
#pragma pack(pop)

struct wide {
	float f;
} __attribute__((aligned(16)));

union number {
	int32_t i;
	float f;
	uint8_t bytes[8];
};

/* A union of floats alone goes in a floating-point register on some targets. */
union fraction {
	float f;
	float g[2];
};

struct tagged {
	enum { WHOLE, BROKEN = 7 } kind;
	union number number;
};

enum colour { RED, GREEN = 5, BLUE };

struct wave {
	float _Complex low;
	double _Complex high;
	int32_t n;
};

typedef float four __attribute__((vector_size(16)));

typedef int32_t (*visit)(int32_t index, point where, void *context);

struct table {
	visit each;
	void *context;
	int32_t count;
};

struct opaque;
