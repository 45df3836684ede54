//! The Linux capabilities that Docker can add.

use crate::rules::DocumentCx;
use crate::rules::written::written;
use crate::yaml::{Kind, Value};

/// What there is to know of a capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    /// Docker gives it to every container anyway.
    Default,
    /// Nothing special.
    Plain,
    /// It leads to the host; why.
    Dangerous(&'static str),
    /// It lets a process look into others, and the documentation itself shows it.
    Tracing,
    /// Newer than the Docker of 2017.
    New,
}

use Nature::{Dangerous, Default, New, Plain, Tracing};

/// Names without `CAP_`, in the order of their numbers in the kernel; the defaults are those of Docker 17.
pub(crate) const CAPABILITIES: &[(&str, Nature)] = &[
    ("CHOWN", Default),
    ("DAC_OVERRIDE", Default),
    ("DAC_READ_SEARCH", Dangerous("it reads any file of the host")),
    ("FOWNER", Default),
    ("FSETID", Default),
    ("KILL", Default),
    ("SETGID", Default),
    ("SETUID", Default),
    ("SETPCAP", Default),
    ("LINUX_IMMUTABLE", Plain),
    ("NET_BIND_SERVICE", Default),
    ("NET_BROADCAST", Plain),
    ("NET_ADMIN", Dangerous("it changes interfaces, routes and firewall rules")),
    ("NET_RAW", Default),
    ("IPC_LOCK", Plain),
    ("IPC_OWNER", Plain),
    ("SYS_MODULE", Dangerous("it loads code into the kernel of the host")),
    ("SYS_RAWIO", Dangerous("it reads and writes the memory and the devices of the host")),
    ("SYS_CHROOT", Default),
    ("SYS_PTRACE", Tracing),
    ("SYS_PACCT", Plain),
    ("SYS_ADMIN", Dangerous("it is nearly as good as being root on the host")),
    ("SYS_BOOT", Dangerous("it restarts the host")),
    ("SYS_NICE", Plain),
    ("SYS_RESOURCE", Plain),
    ("SYS_TIME", Dangerous("it sets the clock of the host")),
    ("SYS_TTY_CONFIG", Plain),
    ("MKNOD", Default),
    ("LEASE", Plain),
    ("AUDIT_WRITE", Default),
    ("AUDIT_CONTROL", Plain),
    ("SETFCAP", Default),
    ("MAC_OVERRIDE", Dangerous("it sets aside the access rules of the host")),
    ("MAC_ADMIN", Dangerous("it changes the access rules of the host")),
    ("SYSLOG", Plain),
    ("WAKE_ALARM", Plain),
    ("BLOCK_SUSPEND", Plain),
    ("AUDIT_READ", Plain),
    ("PERFMON", New),
    ("BPF", New),
    ("CHECKPOINT_RESTORE", New),
    ("ALL", Dangerous("it is root on the host")),
];

/// The capability that `name` stands for: in any case, with or without `CAP_`.
pub(crate) fn find(name: &str) -> Option<(&'static str, Nature)> {
    let bare = match name.get(..4) {
        Some(prefix) if prefix.eq_ignore_ascii_case("CAP_") => name.get(4..).unwrap_or_default(),
        _ => name,
    };
    CAPABILITIES.iter().copied().find(|(known, _)| known.eq_ignore_ascii_case(bare))
}

/// Every list of capabilities, where it is written.
pub(crate) fn lists<'a>(cx: &DocumentCx<'a>) -> impl Iterator<Item = Value<'a>> {
    let lists = written(cx, "cap_add").into_iter().map(|located| located.value);
    lists.filter(|list| list.kind() == Kind::Seq)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_every_spelling() {
        assert_eq!(find("SYS_NICE"), Some(("SYS_NICE", Plain)));
        assert_eq!(find("cap_sys_nice"), Some(("SYS_NICE", Plain)));
        assert_eq!(find("all").map(|(name, _)| name), Some("ALL"));
        for unknown in ["", "CAP_", "SYS", "CAP_CAP_KILL", "éé_KILL"] {
            assert_eq!(find(unknown), None, "{unknown}");
        }
    }
}
