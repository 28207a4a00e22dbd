/* A plugin for QEMU's user mode: how many instructions a program runs, and which of a list of
 * places run.
 *
 *   qemu-aarch64 -plugin gocross.so,out=FILE[,sites=FILE,base=HEX] PROGRAM
 *
 *   out    where the result is written when the program ends by itself (not by a signal)
 *   sites  addresses as they stand in the file, a line each in hexadecimal, ascending
 *   base   the lowest address of the file's executable segments, to find how far the program
 *          was moved in memory
 *
 * The result: a line `instructions N`, then for each site that ran a line `site HEX N`. It is
 * written once, by the first process that ends: programs that fork are not what this is for.
 *
 * Debian ships no qemu-plugin.h. What is used of it is declared here, by the public description
 * of the interface (QEMU's docs/devel/tcg-plugins, version 1 of the interface: QEMU 4.2 to 8).
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
typedef struct qemu_info_t qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };

typedef void (*udata_cb)(qemu_plugin_id_t id, void *data);
typedef void (*vcpu_udata_cb)(unsigned int vcpu, void *data);
typedef void (*vcpu_tb_trans_cb)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);

extern void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, vcpu_tb_trans_cb cb);
extern void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, vcpu_udata_cb cb,
                                                 enum qemu_plugin_cb_flags flags, void *data);
extern void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
                                                   vcpu_udata_cb cb,
                                                   enum qemu_plugin_cb_flags flags, void *data);
extern void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, udata_cb cb, void *data);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
extern struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb,
                                                        size_t index);
extern uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
/* Where the program's lowest executable segment lies in memory. */
extern uint64_t qemu_plugin_start_code(void);

#define EXPORT __attribute__((visibility("default")))

EXPORT int qemu_plugin_version = 1;

struct site {
    uint64_t address;
    uint64_t runs;
};

static uint64_t instructions;
static struct site *sites;
static size_t site_count;
static uint64_t base;
static const char *out;

static void block_runs(unsigned int vcpu, void *data)
{
    (void)vcpu;
    /* Several threads run at once, and Go has them always. */
    __atomic_fetch_add(&instructions, (uint64_t)(uintptr_t)data, __ATOMIC_RELAXED);
}

static void site_runs(unsigned int vcpu, void *data)
{
    (void)vcpu;
    __atomic_fetch_add(&((struct site *)data)->runs, 1, __ATOMIC_RELAXED);
}

static int by_address(const void *left, const void *right)
{
    uint64_t a = ((const struct site *)left)->address;
    uint64_t b = ((const struct site *)right)->address;
    return (a > b) - (a < b);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    (void)id;
    size_t count = qemu_plugin_tb_n_insns(tb);
    qemu_plugin_register_vcpu_tb_exec_cb(tb, block_runs, QEMU_PLUGIN_CB_NO_REGS,
                                         (void *)(uintptr_t)count);
    if (site_count == 0)
        return;
    uint64_t moved = qemu_plugin_start_code() - base;
    for (size_t index = 0; index < count; index++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, index);
        struct site key = { .address = qemu_plugin_insn_vaddr(insn) - moved };
        struct site *site = bsearch(&key, sites, site_count, sizeof key, by_address);
        if (site != NULL)
            qemu_plugin_register_vcpu_insn_exec_cb(insn, site_runs, QEMU_PLUGIN_CB_NO_REGS, site);
    }
}

static void ended(qemu_plugin_id_t id, void *data)
{
    (void)id;
    (void)data;
    FILE *file = fopen(out, "wx");
    if (file == NULL) {
        perror(out);
        return;
    }
    fprintf(file, "instructions %" PRIu64 "\n", instructions);
    for (size_t index = 0; index < site_count; index++)
        if (sites[index].runs != 0)
            fprintf(file, "site %" PRIx64 " %" PRIu64 "\n", sites[index].address,
                    sites[index].runs);
    fclose(file);
}

static bool read_sites(const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        return false;
    }
    uint64_t address;
    while (fscanf(file, "%" SCNx64, &address) == 1) {
        struct site *more = realloc(sites, (site_count + 1) * sizeof *sites);
        if (more == NULL)
            return false;
        sites = more;
        sites[site_count++] = (struct site){ .address = address };
    }
    bool whole = feof(file);
    fclose(file);
    if (!whole)
        fprintf(stderr, "%s: no list of addresses\n", path);
    qsort(sites, site_count, sizeof *sites, by_address);
    return whole;
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
                               char **argv)
{
    (void)info;
    for (int index = 0; index < argc; index++) {
        const char *word = argv[index];
        if (strncmp(word, "out=", 4) == 0) {
            out = strdup(word + 4);
        } else if (strncmp(word, "base=", 5) == 0) {
            base = strtoull(word + 5, NULL, 16);
        } else if (strncmp(word, "sites=", 6) == 0) {
            if (!read_sites(word + 6))
                return -1;
        } else {
            fprintf(stderr, "gocross.so: unknown argument `%s`\n", word);
            return -1;
        }
    }
    if (out == NULL) {
        fprintf(stderr, "gocross.so: where to write? `out=FILE`\n");
        return -1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, NULL);
    return 0;
}
