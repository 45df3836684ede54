//! The floor that `whole_tree.py` measures against: list every service directory, open every file,
//! read it once into a reused buffer, on the given number of threads, and nothing else. About what
//! the machine can do.

#![expect(clippy::expect_used, reason = "a benchmark stops at the first surprise")]

use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::buffer::spare_capacity;
use rustix::fs::{CWD, Dir, FileType, Mode, OFlags, openat};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let root = arguments.next().expect("the root of a tree");
    let threads: usize = arguments.next().map_or(2, |n| n.parse().expect("a number of threads"));
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let root = openat(CWD, root, flags, Mode::empty()).expect("the root opens");
    let services: Vec<Vec<u8>> = list(&root, FileType::Directory);
    let next = AtomicUsize::new(0);
    let bytes: usize = std::thread::scope(|scope| {
        let workers: Vec<_> =
            (0..threads).map(|_| scope.spawn(|| read_some(&root, &services, &next))).collect();
        workers.into_iter().map(|worker| worker.join().expect("a worker")).sum()
    });
    println!("{} services, {bytes} bytes", services.len());
}

fn read_some(root: &OwnedFd, services: &[Vec<u8>], next: &AtomicUsize) -> usize {
    let mut buffer = Vec::with_capacity(1 << 20);
    let mut bytes = 0;
    while let Some(service) = services.get(next.fetch_add(1, Ordering::Relaxed)) {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let directory = openat(root, service.as_slice(), flags, Mode::empty()).expect("a directory");
        for file in list(&directory, FileType::RegularFile) {
            let file = openat(&directory, file.as_slice(), OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty());
            buffer.clear();
            bytes += rustix::io::read(file.expect("a file"), spare_capacity(&mut buffer)).expect("its text");
        }
    }
    bytes
}

fn list(directory: &OwnedFd, wanted: FileType) -> Vec<Vec<u8>> {
    let entries = Dir::read_from(directory).expect("a listing").map(|entry| entry.expect("an entry"));
    let entries = entries.filter(|e| e.file_type() == wanted && !e.file_name().to_bytes().starts_with(b"."));
    entries.map(|entry| entry.file_name().to_bytes().to_vec()).collect()
}
