#define _GNU_SOURCE
#include "CCryptsetup.h"

#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>

const unsigned long ESVAULT_DM_TABLE_STATUS = DM_TABLE_STATUS;
const unsigned long ESVAULT_DM_DEV_REMOVE = DM_DEV_REMOVE;

int esvault_forbid_core_dumps(void) {
  const struct rlimit none = {0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0)
    return -1;
  return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
