/*
 * The floor: what the commands of a graph cost when nothing is shown, judged or kept.
 * Usage: floor GRAPH JOBS
 * GRAPH has a line a node, fields parted by tabs: the nodes it needs ("-" or "0,3,5"), then argv.
 * Each command is started with posix_spawn, has a pipe of its own, and is waited for.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct node {
    char **argv;
    int *needs;
    int need_count;
    int unmet;
    int *followers;
    int follower_count;
};

struct slot {
    int node;
    pid_t pid;
};

static struct node *nodes;
static int node_count;
static int *ready, ready_head, ready_tail;
static int failed;

static void *grown(void *memory, size_t count, size_t size) {
    void *larger = realloc(memory, (count ? count : 1) * size);
    if (!larger) {
        perror("floor");
        exit(3);
    }
    return larger;
}

static void parse_needs(struct node *node, char *text) {
    char *rest = NULL;
    if (strcmp(text, "-") == 0) return;
    for (char *need = strtok_r(text, ",", &rest); need; need = strtok_r(NULL, ",", &rest)) {
        node->needs = grown(node->needs, node->need_count + 1, sizeof(int));
        node->needs[node->need_count++] = atoi(need);
    }
    node->unmet = node->need_count;
}

static void parse_line(char *line) {
    struct node node = {0};
    char *rest = NULL;
    int words = 0;
    line[strcspn(line, "\n")] = 0;
    parse_needs(&node, strtok_r(line, "\t", &rest));
    for (char *word = strtok_r(NULL, "\t", &rest); word; word = strtok_r(NULL, "\t", &rest)) {
        node.argv = grown(node.argv, words + 2, sizeof(char *));
        node.argv[words++] = strdup(word);
        node.argv[words] = NULL;
    }
    nodes = grown(nodes, node_count + 1, sizeof(struct node));
    nodes[node_count++] = node;
}

static void load(const char *path) {
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t size = 0;
    if (!file) {
        perror(path);
        exit(3);
    }
    while (getline(&line, &size, file) > 0) parse_line(line);
    free(line);
    fclose(file);
}

static void link_followers(void) {
    ready = grown(NULL, node_count, sizeof(int));
    for (int i = 0; i < node_count; i++) {
        for (int n = 0; n < nodes[i].need_count; n++) {
            struct node *need = &nodes[nodes[i].needs[n]];
            need->followers = grown(need->followers, need->follower_count + 1, sizeof(int));
            need->followers[need->follower_count++] = i;
        }
        if (nodes[i].unmet == 0) ready[ready_tail++] = i;
    }
}

static void start(struct slot *slot, struct pollfd *poll_entry, int index) {
    posix_spawn_file_actions_t actions;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        perror("floor: pipe");
        exit(3);
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    if (posix_spawnp(&slot->pid, nodes[index].argv[0], &actions, NULL, nodes[index].argv, environ)) {
        fprintf(stderr, "floor: cannot start %s\n", nodes[index].argv[0]);
        exit(3);
    }
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    slot->node = index;
    *poll_entry = (struct pollfd){.fd = ends[0], .events = POLLIN};
}

static void finish(struct slot *slot, struct pollfd *poll_entry) {
    struct node *node = &nodes[slot->node];
    int status;
    close(poll_entry->fd);
    waitpid(slot->pid, &status, 0);
    if (status != 0) failed = 1;
    for (int i = 0; i < node->follower_count; i++)
        if (--nodes[node->followers[i]].unmet == 0) ready[ready_tail++] = node->followers[i];
}

static int at_end(int source) {
    static char buffer[65536];
    ssize_t count = read(source, buffer, sizeof buffer);
    if (count > 0 && write(1, buffer, count) != count) failed = 1;
    return count <= 0;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: floor GRAPH JOBS\n");
        return 2;
    }
    int jobs = atoi(argv[2]), running = 0;
    struct slot *slots = grown(NULL, jobs, sizeof(struct slot));
    struct pollfd *polls = grown(NULL, jobs, sizeof(struct pollfd));
    load(argv[1]);
    link_followers();
    for (;;) {
        for (; running < jobs && ready_head < ready_tail; running++)
            start(&slots[running], &polls[running], ready[ready_head++]);
        if (running == 0) break;
        poll(polls, running, -1);
        for (int i = running - 1; i >= 0; i--) {
            if (!polls[i].revents || !at_end(polls[i].fd)) continue;
            finish(&slots[i], &polls[i]);
            slots[i] = slots[--running];
            polls[i] = polls[running];
        }
    }
    return failed || ready_tail != node_count;
}
