#ifndef ESVAULT_CBLKID_H
#define ESVAULT_CBLKID_H
#include <blkid/blkid.h>
#include <stdint.h>

// Shift expressions in macros do not reach Swift.
static const int esvault_blkid_superblocks =
    BLKID_SUBLKS_LABEL | BLKID_SUBLKS_UUID | BLKID_SUBLKS_TYPE | BLKID_SUBLKS_USAGE;

// BLKGETSIZE64: the size of a block device in bytes; 0, or -1 with errno.
int esvault_block_size64(int descriptor, uint64_t *bytes);

// NVME_IOCTL_ADMIN_CMD with Identify (06h) of the controller (CNS 01h): fills 4096 bytes. Returns 0, a
// status of NVMe's above it, or -1 with errno. For root, and for NVMe devices alone.
int esvault_identify_nvme_controller(int descriptor, void *data);

// BLKFLSBUF is deliberately absent: it writes dirty pages, and looking changes nothing.
#endif
