/*
 * What the benchmark's nodes do. Usage: node DEED ARGUMENT...
 * Started under the name "stdout-holder", it only keeps its standard output open for a while.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE = 128, BLOCK = 512 * LINE, FAMILY_SECONDS = 60 };

static int sleep_ms(long ms) {
    struct timespec left = {ms / 1000, ms % 1000 * 1000000L};
    while (nanosleep(&left, &left) != 0) continue;
    return 0;
}

/* Counts its own CPU time, so that the work is the same however busy the machine is. */
static int burn_ms(long ms) {
    struct timespec used;
    do {
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    } while (used.tv_sec * 1000L + used.tv_nsec / 1000000L < ms);
    return 0;
}

static int emit(long bytes) {
    static char block[BLOCK];
    for (int i = 0; i < BLOCK; i++) block[i] = i % LINE == LINE - 1 ? '\n' : 'a' + i % LINE % 26;
    while (bytes > 0) {
        ssize_t count = write(1, block, bytes < BLOCK ? bytes : BLOCK);
        if (count < 0) return 1;
        bytes -= count;
    }
    return 0;
}

/* One write each: lines of nodes that run at the same time never mix. */
static int note(int log, char sign, const char *name) {
    char line[64];
    int length = snprintf(line, sizeof line, "%c%s\n", sign, name);
    return write(log, line, length) != length;
}

static int record(const char *path, const char *name) {
    int log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    return log < 0 || note(log, '+', name) || note(log, '-', name);
}

static int family(void) {
    if (fork() < 0) return 1;
    return sleep_ms(FAMILY_SECONDS * 1000L);
}

static int leave_daemon(char *self, char *seconds, char *mark) {
    char path[4096];
    snprintf(path, sizeof path, "%s/stdout-holder", dirname(self));
    if (fork() != 0) return 0;
    setsid();
    if (fork() != 0) _exit(0);
    execl(path, "stdout-holder", seconds, mark, (char *)NULL);
    _exit(127);
}

/* Signals that a shell in the background ignores would stay ignored in what it starts. */
static int exec_with_default_signals(char **argv) {
    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    execvp(argv[0], argv);
    perror(argv[0]);
    return 127;
}

int main(int argc, char **argv) {
    const char *deed = argc > 1 ? argv[1] : "";
    if (strcmp(basename(argv[0]), "stdout-holder") == 0) return sleep_ms(atol(argv[1]) * 1000);
    if (argc == 3 && strcmp(deed, "sleep") == 0) return sleep_ms(atol(argv[2]));
    if (argc == 3 && strcmp(deed, "burn") == 0) return burn_ms(atol(argv[2]));
    if (argc == 3 && strcmp(deed, "emit") == 0) return emit(atol(argv[2]));
    if (argc == 4 && strcmp(deed, "record") == 0) return record(argv[2], argv[3]);
    if (argc == 3 && strcmp(deed, "family") == 0) return family();
    if (argc == 4 && strcmp(deed, "daemon") == 0) return leave_daemon(argv[0], argv[2], argv[3]);
    if (argc >= 3 && strcmp(deed, "exec") == 0) return exec_with_default_signals(argv + 2);
    fprintf(stderr, "node: unknown deed\n");
    return 2;
}
