#ifndef ESVAULT_CLINUX_H
#define ESVAULT_CLINUX_H
#include <spawn.h>
// Swift's Glibc module has no extended attributes.
#include <sys/xattr.h>

// Nor renameat2(2): renames a file, and fails with EEXIST where the new name is taken. Returns 0, or
// -1 with errno.
int esvault_rename_new(const char *from, const char *to);

// Nor memfd_create(2): a file in memory without a name, which no program inherits. Returns its descriptor,
// or -1 with errno.
int esvault_memory_file(const char *name);

// Nor pipe2(2): a pipe that no program inherits. Returns 0, or -1 with errno.
int esvault_pipe(int ends[2]);

// Nor posix_spawn_file_actions_addclosefrom_np(3): closes this and all later descriptors in the program
// that is started. Returns 0 or an error number.
int esvault_close_from(posix_spawn_file_actions_t *actions, int first);

// open_tree(2), Linux 5.2: a copy of the one mount at a directory, without what is mounted on top of
// it. It is in no mount table, and gone with its descriptor. Returns that, or -1 with errno.
int esvault_open_mount(const char *target);
#endif
