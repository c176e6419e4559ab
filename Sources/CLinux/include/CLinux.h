#ifndef ESVAULT_CLINUX_H
#define ESVAULT_CLINUX_H
// Swift's Glibc module has no extended attributes.
#include <sys/xattr.h>
#endif
