/* Writes down what a process writes, truncates and syncs below the folder CHAOS_DISK, in order, into CHAOS_DISK_LOG.
   A record: operation (one byte), length of the path, offset, length of the data; then path and data. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int file = -1;
static ssize_t (*real_write)(int, const void *, size_t);

struct __attribute__((packed)) head { char operation; uint16_t path; uint64_t offset; uint32_t data; };

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static void note(char operation, int descriptor, uint64_t offset, const void *data, uint32_t length) {
    char link[64], path[PATH_MAX];
    const char *folder = getenv("CHAOS_DISK");
    if (!folder) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t size = readlink(link, path, sizeof path);
    if (size <= 0 || strncmp(path, folder, strlen(folder))) return;
    if (!real_write) real_write = real("write");
    pthread_mutex_lock(&turn);
    if (file < 0) file = open(getenv("CHAOS_DISK_LOG"), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    struct head head = {operation, size, offset, length};
    char *record = malloc(sizeof head + size + length);
    memcpy(record, &head, sizeof head);
    memcpy(record + sizeof head, path, size);
    if (length) memcpy(record + sizeof head + size, data, length);
    if (real_write(file, record, sizeof head + size + length) < 0) abort();
    free(record);
    pthread_mutex_unlock(&turn);
}

ssize_t write(int descriptor, const void *data, size_t length) {
    if (!real_write) real_write = real("write");
    ssize_t done = real_write(descriptor, data, length);
    if (done > 0) note('a', descriptor, 0, data, done);
    return done;
}

ssize_t pwrite64(int descriptor, const void *data, size_t length, off64_t offset) {
    static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
    if (!real_pwrite) real_pwrite = real("pwrite64");
    ssize_t done = real_pwrite(descriptor, data, length, offset);
    if (done > 0) note('w', descriptor, offset, data, done);
    return done;
}

ssize_t pwrite(int descriptor, const void *data, size_t length, off_t offset) {
    return pwrite64(descriptor, data, length, offset);
}

int ftruncate64(int descriptor, off64_t length) {
    static int (*real_truncate)(int, off64_t);
    if (!real_truncate) real_truncate = real("ftruncate64");
    int failed = real_truncate(descriptor, length);
    if (!failed) note('t', descriptor, length, 0, 0);
    return failed;
}

int ftruncate(int descriptor, off_t length) { return ftruncate64(descriptor, length); }

int fdatasync(int descriptor) {
    static int (*real_sync)(int);
    if (!real_sync) real_sync = real("fdatasync");
    int failed = real_sync(descriptor);
    if (!failed) note('s', descriptor, 0, 0, 0);
    return failed;
}

int fsync(int descriptor) {
    static int (*real_sync)(int);
    if (!real_sync) real_sync = real("fsync");
    int failed = real_sync(descriptor);
    if (!failed) note('s', descriptor, 0, 0, 0);
    return failed;
}
