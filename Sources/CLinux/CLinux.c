#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int esvault_rename_new(const char *from, const char *to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

int esvault_memory_file(const char *name) {
  return memfd_create(name, MFD_CLOEXEC);
}

int esvault_pipe(int ends[2]) {
  return pipe2(ends, O_CLOEXEC);
}

int esvault_close_from(posix_spawn_file_actions_t *actions, int first) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

int esvault_open_mount(const char *target) {
  return (int)syscall(SYS_open_tree, AT_FDCWD, target, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
}
