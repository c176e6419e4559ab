#include "CBlkid.h"
#include <linux/fs.h>
#include <sys/ioctl.h>

int esvault_block_size64(int descriptor, uint64_t *bytes) {
  return ioctl(descriptor, BLKGETSIZE64, bytes);
}
