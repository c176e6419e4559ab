#ifndef ESVAULT_CYAML_H
#define ESVAULT_CYAML_H
#include <yaml.h>
#endif
