#!/usr/bin/python3
"""A folder as a client of a network file system sees it that another client writes.

    remote_mount.py FOLDER MOUNT SECONDS

Names and attributes are believed for so many seconds, so that what is written shows late, and at
different times in different places; nothing is told to inotify; a file is a handle of the server,
stale once its last name is gone, whoever has it open. Reading only. Ends when it is unmounted.
"""

import errno
import os
import sys

import pyfuse3
import trio

COPIED = ("st_mode", "st_nlink", "st_uid", "st_gid", "st_size", "st_blocks", "st_atime_ns",
          "st_mtime_ns", "st_ctime_ns")


class RemoteFolder(pyfuse3.Operations):
    def __init__(self, folder, seconds):
        super().__init__()
        self.seconds = seconds
        self.handles = {pyfuse3.ROOT_INODE: os.open(folder, os.O_PATH)}  # by inode, for good

    def attributes(self, inode):
        status = os.fstat(self.handles[inode])
        if status.st_nlink == 0:
            raise pyfuse3.FUSEError(errno.ESTALE)
        entry = pyfuse3.EntryAttributes()
        for name in COPIED:
            setattr(entry, name, getattr(status, name))
        entry.st_ino = inode
        entry.entry_timeout = entry.attr_timeout = self.seconds
        return entry

    async def getattr(self, inode, ctx=None):
        return self.attributes(inode)

    async def lookup(self, parent_inode, name, ctx=None):
        try:
            handle = os.open(name, os.O_PATH | os.O_NOFOLLOW, dir_fd=self.handles[parent_inode])
        except OSError as error:
            raise pyfuse3.FUSEError(error.errno) from None
        inode = os.fstat(handle).st_ino
        if self.handles.setdefault(inode, handle) != handle:
            os.close(handle)
        return self.attributes(inode)

    async def opendir(self, inode, ctx):
        return inode

    async def readdir(self, fh, start_id, token):
        names = sorted(os.listdir(f"/proc/self/fd/{self.handles[fh]}"))
        for number, name in enumerate(names[start_id:], start_id + 1):
            try:
                entry = await self.lookup(fh, os.fsencode(name))
            except pyfuse3.FUSEError:
                continue  # gone since
            if not pyfuse3.readdir_reply(token, os.fsencode(name), entry, number):
                return

    async def open(self, inode, flags, ctx):
        self.attributes(inode)
        return pyfuse3.FileInfo(fh=os.open(f"/proc/self/fd/{self.handles[inode]}", os.O_RDONLY))

    async def read(self, fh, off, size):
        if os.fstat(fh).st_nlink == 0:
            raise pyfuse3.FUSEError(errno.ESTALE)
        return os.pread(fh, size, off)

    async def statfs(self, ctx):
        return pyfuse3.StatvfsData()

    async def release(self, fh):
        os.close(fh)


def main():
    folder, mount, seconds = sys.argv[1:]
    pyfuse3.init(RemoteFolder(folder, float(seconds)), mount, {"fsname=remote"})
    print("mounted", flush=True)
    trio.run(pyfuse3.main)
    pyfuse3.close()


if __name__ == "__main__":
    main()
