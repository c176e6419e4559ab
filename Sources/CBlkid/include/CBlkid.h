#ifndef ESVAULT_CBLKID_H
#define ESVAULT_CBLKID_H
#include <blkid/blkid.h>
#endif
