#!/bin/sh
# Makes a sysroot like the staging directory of a firmware: one library with its header and its
# `.pc` file, whose prefix is the device's, built by the compiler that follows.
set -e
root=$1
kind=$2
shift 2
mkdir -p "$root/usr/include" "$root/usr/lib/pkgconfig"
cat > "$root/usr/include/third.h" <<'H'
int third(int value);
H
cat > "$root/third.c" <<'C'
#include <stdlib.h>
int third(int value) { return abs(value) * 3; }
C
"$@" -O1 -fPIC -c "$root/third.c" -o "$root/third.o"
case $kind in
static) ar rcs "$root/usr/lib/libthird.a" "$root/third.o" ;;
shared) "$@" -shared "$root/third.o" -Wl,-soname,libthird.so.1 -o "$root/usr/lib/libthird.so.1"
  ln -sf /usr/lib/libthird.so.1 "$root/usr/lib/libthird.so" ;;
esac
rm "$root/third.c" "$root/third.o"
cat > "$root/usr/lib/pkgconfig/third.pc" <<'P'
prefix=/usr
Name: third
Description: a library of the device
Version: 1.2.3
Libs: -L${prefix}/lib -lthird
Libs.private: -lm
Cflags: -I${prefix}/include
P
