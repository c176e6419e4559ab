# What every script of the lab shares: where things are, and how they speak. Source it.
# shellcheck shell=bash disable=SC2034 # the scripts that source it use the names

LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/esvault/lab
# Machines live here; a short path, because Unix sockets allow 107 bytes.
SCRATCH=${ESVAULT_LAB:-${TMPDIR:-/tmp}/esvault-lab.$UID}

# Debian's kernels do not boot under every host's virtualisation; emulation works everywhere.
QEMU=(qemu-system-x86_64 -accel "tcg,thread=multi" -M pc
  -nodefaults -display none -rtc "base=utc")

# It lacks what makes emulating its memory slow: with ERMS and FSRM the kernel would clear and copy it byte
# by byte.
PROCESSOR="max,la57=off,smap=off,smep=off,pku=off,erms=off,fsrm=off,fsrs=off,fzrm=off"

# Without self tests and hardening, which cost seconds under emulation and protect nothing here. One name
# for each disk: with several, counters are spread over them, and no event of udev comes for some.
KERNEL_ARGUMENTS="console=ttyS0 quiet net.ifnames=0 mitigations=off nokaslr cryptomgr.notests no_timer_check \
nowatchdog audit=0 init_on_alloc=0 randomize_kstack_offset=off hardened_usercopy=off \
nvme_core.multipath=N"

# Progress and errors: stderr, with the seconds since the script started.
say() { printf '%6.1f s  %s\n' "$(elapsed)" "$*" >&2; }
fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# Usage errors end with status 64, like the product's own.
misused() {
  printf '%s: %s\n\n' "${0##*/}" "$1" >&2
  usage >&2
  exit 64
}

elapsed() { local now=${EPOCHREALTIME/./}; printf '%d.%03d' $(((now - STARTED) / 1000000)) $(((now - STARTED) / 1000 % 1000)); }
STARTED=${EPOCHREALTIME/./}

# One short key of everything on standard input.
key() { sha256sum | cut -c1-16; }

# contents_of FOLDER: paths, modes and contents below it, for a key.
contents_of() { (cd "$1" && find . -type f -printf '%p %m\n' | sort && find . -type f -print0 | sort -z | xargs -0r cat); }

# keep_newest COUNT PATTERN: removes all but the most recently used entries of the cache.
keep_newest() {
  local count=$1 pattern=$2
  find "$CACHE" -mindepth 1 -maxdepth 1 -name "$pattern" -printf '%T@ %p\n' | sort -rn |
    tail -n +"$((count + 1))" | cut -d' ' -f2- | xargs -rd '\n' rm -rf
}

# disk SPEC: reads 'serial=S,size=N,logical=B,file=F' into SERIAL, SIZE, LOGICAL and FILE.
disk() {
  local part parts
  SERIAL='' SIZE='' LOGICAL=512 FILE=''
  IFS=, read -ra parts <<<"$1"
  for part in "${parts[@]}"; do
    case $part in
      serial=?*) SERIAL=${part#*=} ;;
      size=?*) SIZE=${part#*=} ;;
      logical=512 | logical=4096) LOGICAL=${part#*=} ;;
      file=?*) FILE=$(realpath -m "${part#*=}") ;;
      *) misused "unknown disk setting '$part'" ;;
    esac
  done
  # NVMe has 20 characters for it; here it also names files.
  [[ $SERIAL =~ ^[A-Za-z0-9_-]{1,20}$ ]] || misused "a disk needs a serial: 'serial=vol1'"
  [[ -n $SIZE || -n $FILE ]] || misused "disk '$SERIAL' needs 'size=' or 'file='"
}
