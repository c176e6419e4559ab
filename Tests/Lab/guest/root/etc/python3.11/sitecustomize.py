"""Keeps the byte code of modules that come in archives, as Python itself does for all others.

Ansible sends its modules with each task in an archive, and to compile them takes seconds under emulation.
"""

import marshal
import os
import sys
import zipimport
import zlib

FOLDER = os.environ.get("ZIPIMPORT_CACHE", "/var/cache/zipimport")
compile_source = zipimport._compile_source


def kept(path, source):
    key = f"{len(source)}-{zlib.crc32(source):08x}.{sys.implementation.cache_tag}"
    name = f"{FOLDER}/{os.path.basename(path)}-{key}"
    try:
        with open(name, "rb") as file:
            return marshal.load(file)
    except (OSError, EOFError, ValueError, TypeError):
        code = compile_source(path, source)
    try:
        os.makedirs(FOLDER, exist_ok=True)
        with open(f"{name}.{os.getpid()}", "wb") as file:
            marshal.dump(code, file)
        os.replace(f"{name}.{os.getpid()}", name)
    except OSError:
        pass  # not root
    return code


zipimport._compile_source = kept
