#!/bin/sh
# Makes SDKs out of the machine's compilers, in the layout and with the names of Yocto's and
# OpenWrt's: programs under names of their own, and a sysroot with the C library.
set -e
cache=$1
mkdir -p poky/bin openwrt/bin
for tool in gcc g++ ar; do
  printf '#!/bin/sh\nexec aarch64-linux-gnu-%s "$@"\n' $tool > poky/bin/aarch64-poky-linux-$tool
done
mkdir -p poky/root/usr
cp -a /usr/aarch64-linux-gnu/include /usr/aarch64-linux-gnu/lib poky/root/usr/
ln -s usr/lib poky/root/lib
# The script says where its libraries are on the device.
sed -i 's,/usr/aarch64-linux-gnu/lib,/usr/lib,g' poky/root/usr/lib/libc.so

# GCC for musl, as far as a build can tell: the script before zig takes GCC's arguments.
zig=$(ls -d "$cache"/zig-v1/mipsel-linux-musleabi-*/ | head -1)
for pair in gcc:cc g++:c++ ar:ar; do
  printf '#!/bin/sh\nexec %s "$@"\n' "$zig${pair#*:}" > openwrt/bin/mipsel-openwrt-linux-musl-${pair%:*}
done
chmod +x poky/bin/* openwrt/bin/*
