//! Which of Debian's packages have the libraries that programs ask for most.

/// The names behind `-l` (and those of `.pc` files, where they differ), and the package with the
/// headers and the link name, as in Debian 12. Sorted by name.
const PACKAGES: &[(&str, &str)] = &[
    ("X11", "libx11-dev"),
    ("archive", "libarchive-dev"),
    ("asound", "libasound2-dev"),
    ("avahi-client", "libavahi-client-dev"),
    ("avcodec", "libavcodec-dev"),
    ("avformat", "libavformat-dev"),
    ("blas", "libblas-dev"),
    ("bluetooth", "libbluetooth-dev"),
    ("bz2", "libbz2-dev"),
    ("cap", "libcap-dev"),
    ("crypt", "libcrypt-dev"),
    ("crypto", "libssl-dev"),
    ("curl", "libcurl4-openssl-dev"),
    ("dbus-1", "libdbus-1-dev"),
    ("ev", "libev-dev"),
    ("event", "libevent-dev"),
    ("expat", "libexpat1-dev"),
    ("ffi", "libffi-dev"),
    ("fontconfig", "libfontconfig-dev"),
    ("freetype", "libfreetype-dev"),
    ("fuse3", "libfuse3-dev"),
    ("git2", "libgit2-dev"),
    ("gio-2.0", "libglib2.0-dev"),
    ("glib-2.0", "libglib2.0-dev"),
    ("gmp", "libgmp-dev"),
    ("gnutls", "libgnutls28-dev"),
    ("gpiod", "libgpiod-dev"),
    ("idn2", "libidn2-dev"),
    ("jansson", "libjansson-dev"),
    ("jpeg", "libjpeg62-turbo-dev"),
    ("lapack", "liblapack-dev"),
    ("ldap", "libldap-dev"),
    ("libarchive", "libarchive-dev"),
    ("libcrypto", "libssl-dev"),
    ("libcurl", "libcurl4-openssl-dev"),
    ("libgit2", "libgit2-dev"),
    ("liblz4", "liblz4-dev"),
    ("liblzma", "liblzma-dev"),
    ("libpcap", "libpcap-dev"),
    ("libpng", "libpng-dev"),
    ("libsodium", "libsodium-dev"),
    ("libssl", "libssl-dev"),
    ("libsystemd", "libsystemd-dev"),
    ("libudev", "libudev-dev"),
    ("libusb-1.0", "libusb-1.0-0-dev"),
    ("libxml-2.0", "libxml2-dev"),
    ("libzstd", "libzstd-dev"),
    ("lz4", "liblz4-dev"),
    ("lzma", "liblzma-dev"),
    ("mbedcrypto", "libmbedtls-dev"),
    ("mbedtls", "libmbedtls-dev"),
    ("modbus", "libmodbus-dev"),
    ("mosquitto", "libmosquitto-dev"),
    ("ncurses", "libncurses-dev"),
    ("ncursesw", "libncurses-dev"),
    ("nghttp2", "libnghttp2-dev"),
    ("nl-3", "libnl-3-dev"),
    ("openssl", "libssl-dev"),
    ("pcap", "libpcap-dev"),
    ("pcre2-8", "libpcre2-dev"),
    ("png", "libpng-dev"),
    ("pq", "libpq-dev"),
    ("pulse", "libpulse-dev"),
    ("readline", "libreadline-dev"),
    ("sasl2", "libsasl2-dev"),
    ("seccomp", "libseccomp-dev"),
    ("sodium", "libsodium-dev"),
    ("sqlite3", "libsqlite3-dev"),
    ("ssh2", "libssh2-1-dev"),
    ("ssl", "libssl-dev"),
    ("systemd", "libsystemd-dev"),
    ("turbojpeg", "libturbojpeg0-dev"),
    ("udev", "libudev-dev"),
    ("usb-1.0", "libusb-1.0-0-dev"),
    ("uuid", "uuid-dev"),
    ("uv", "libuv1-dev"),
    ("xml2", "libxml2-dev"),
    ("yaml", "libyaml-dev"),
    ("yaml-0.1", "libyaml-dev"),
    ("z", "zlib1g-dev"),
    ("zlib", "zlib1g-dev"),
    ("zmq", "libzmq3-dev"),
    ("zstd", "libzstd-dev"),
];

/// Debian's package with a library, by the name behind `-l` or by that of its `.pc` file.
#[must_use]
pub fn debian_package(name: &str) -> Option<&'static str> {
    let found = PACKAGES.iter().find(|(library, _)| *library == name);
    found.map(|(_, package)| *package)
}

/// Each package, with the names that lead to it.
pub(crate) fn packages() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut all: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, package) in PACKAGES {
        match all.iter_mut().find(|(known, _)| known == package) {
            Some((_, names)) => names.push(name),
            None => all.push((package, vec![name])),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_found_by_either_name() {
        assert_eq!(debian_package("z"), Some("zlib1g-dev"));
        assert_eq!(debian_package("zlib"), Some("zlib1g-dev"));
        assert_eq!(debian_package("ssl"), debian_package("openssl"));
        assert_eq!(debian_package("nobody-knows"), None);
    }

    #[test]
    fn each_name_stands_there_once() {
        let mut names: Vec<&str> = PACKAGES.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PACKAGES.len());
    }
}
