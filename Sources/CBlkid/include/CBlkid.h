#ifndef ESVAULT_CBLKID_H
#define ESVAULT_CBLKID_H
#include <blkid/blkid.h>
#include <stdint.h>

// Shift expressions in macros do not reach Swift.
static const int esvault_blkid_superblocks =
    BLKID_SUBLKS_LABEL | BLKID_SUBLKS_UUID | BLKID_SUBLKS_TYPE | BLKID_SUBLKS_USAGE;

// BLKGETSIZE64: the size of a block device in bytes; 0, or -1 with errno.
int esvault_block_size64(int descriptor, uint64_t *bytes);

// BLKFLSBUF is deliberately absent: it writes dirty pages, and looking changes nothing.
#endif
