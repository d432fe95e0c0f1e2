/*
 * Preloaded into a process, each file that it opens for writing, writes to, synchronises or renames takes SLOW_DISK_MS longer, and adds a
 * byte to the file SLOW_DISK_COUNT.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void wait_for_the_disk(void)
{
    const char *milliseconds = getenv("SLOW_DISK_MS"), *count = getenv("SLOW_DISK_COUNT");
    if (!milliseconds || !count)
        return;
    usleep(1000 * atoi(milliseconds));
    int file = syscall(SYS_openat, AT_FDCWD, count, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (file >= 0) {
        syscall(SYS_write, file, ".", 1);
        close(file);
    }
}

static int is_file(int descriptor)
{
    struct stat about;
    return fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode);
}

#define OPEN(name)                                                      \
    int name(const char *path, int flags, ...)                          \
    {                                                                   \
        static int (*real)(const char *, int, mode_t);                  \
        mode_t mode = 0;                                                \
        if (!real)                                                      \
            real = (int (*)(const char *, int, mode_t))dlsym(RTLD_NEXT, #name); \
        if (flags & O_CREAT) {                                          \
            va_list more;                                               \
            va_start(more, flags);                                      \
            mode = va_arg(more, mode_t);                                \
            va_end(more);                                               \
        }                                                               \
        if (flags & (O_CREAT | O_WRONLY | O_RDWR))                      \
            wait_for_the_disk();                                        \
        return real(path, flags, mode);                                 \
    }

OPEN(open)
OPEN(open64)

#define WRITE(name, parameters, arguments)                              \
    ssize_t name parameters                                             \
    {                                                                   \
        static ssize_t (*real) parameters;                              \
        if (!real)                                                      \
            real = (ssize_t (*) parameters)dlsym(RTLD_NEXT, #name);     \
        if (is_file(descriptor))                                        \
            wait_for_the_disk();                                        \
        return real arguments;                                          \
    }

WRITE(write, (int descriptor, const void *bytes, size_t count), (descriptor, bytes, count))
WRITE(pwrite, (int descriptor, const void *bytes, size_t count, off_t at), (descriptor, bytes, count, at))
WRITE(pwrite64, (int descriptor, const void *bytes, size_t count, off64_t at), (descriptor, bytes, count, at))

int fsync(int descriptor)
{
    static int (*real)(int);
    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_for_the_disk();
    return real(descriptor);
}

int rename(const char *from, const char *to)
{
    static int (*real)(const char *, const char *);
    if (!real)
        real = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    wait_for_the_disk();
    return real(from, to);
}
