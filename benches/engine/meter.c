/*
 * Runs one command and writes what it and its children cost, as one JSON object.
 * Usage: meter RESULT TIMEOUT_MS COMMAND...
 * CPU is user and system time of every process that was waited for; memory is that of the largest
 * one. The command has default signals and a process group of its own, which is killed at the time limit.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static double ms(struct timeval time) {
    return time.tv_sec * 1e3 + time.tv_usec / 1e3;
}

static pid_t start(char **argv) {
    posix_spawnattr_t attributes;
    sigset_t none, all;
    pid_t pid;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    if (posix_spawnp(&pid, argv[0], NULL, &attributes, argv, environ) != 0) {
        fprintf(stderr, "meter: cannot start %s\n", argv[0]);
        exit(3);
    }
    return pid;
}

/* Returns 1 when the command had to be killed; its status and its cost are filled in either way. */
static int await(pid_t pid, double deadline, const sigset_t *signals, int *status, struct rusage *usage) {
    int killed = 0;
    while (wait4(pid, status, killed ? 0 : WNOHANG, usage) == 0) {
        double left = deadline - now_ms();
        struct timespec limit = {left > 0 ? left / 1e3 : 0, left > 0 ? (long)(left * 1e6) % 1000000000L : 0};
        int signal = sigtimedwait(signals, NULL, &limit);
        if (signal == SIGCHLD || (signal < 0 && now_ms() < deadline)) continue;
        killpg(pid, SIGKILL);
        killed = 1;
    }
    return killed;
}

int main(int argc, char **argv) {
    sigset_t signals;
    struct rusage usage;
    int status = 0;
    if (argc < 4) {
        fprintf(stderr, "usage: meter RESULT TIMEOUT_MS COMMAND...\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    double begin = now_ms();
    pid_t pid = start(argv + 3);
    int killed = await(pid, begin + atof(argv[2]), &signals, &status, &usage);
    double wall = now_ms() - begin;
    FILE *result = fopen(argv[1], "w");
    if (!result) {
        perror(argv[1]);
        return 3;
    }
    fprintf(result, "{\"wall_ms\":%.3f,\"cpu_ms\":%.3f,\"rss_mib\":%.3f,\"exit\":%d,\"signal\":%d,\"timed_out\":%s}\n",
            wall, ms(usage.ru_utime) + ms(usage.ru_stime), usage.ru_maxrss / 1024.0,
            WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
            killed ? "true" : "false");
    return fclose(result) == 0 ? 0 : 3;
}
