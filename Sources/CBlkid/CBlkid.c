#include "CBlkid.h"
#include <linux/fs.h>
#include <linux/nvme_ioctl.h>
#include <sys/ioctl.h>

int esvault_block_size64(int descriptor, uint64_t *bytes) {
  return ioctl(descriptor, BLKGETSIZE64, bytes);
}

int esvault_identify_nvme_controller(int descriptor, void *data) {
  struct nvme_admin_cmd command = {
      .opcode = 0x06,
      .addr = (uintptr_t)data,
      .data_len = 4096,
      .cdw10 = 1,
  };
  return ioctl(descriptor, NVME_IOCTL_ADMIN_CMD, &command);
}
