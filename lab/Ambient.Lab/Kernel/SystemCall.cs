using System.Runtime.InteropServices;

namespace Ambient.Lab.Kernel;

/// <summary>System calls that libc wraps for the whole process, or not at all, and that the lab needs for one thread.</summary>
internal static unsafe class SystemCall
{
    private const long PidfdOpenNumber = 434;
    private const long MountSetAttrNumber = 442;
    private const int Busy = 16;
    private const int AtFdCwd = -100;
    private const int AtRecursive = 0x8000;
    private const ulong MountAttrRdOnly = 1;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public static int PidfdOpen(int pid) =>
        Native.Check((int)Native.Syscall(PidfdOpenNumber, pid, 0, 0, 0, 0), $"pidfd_open {pid}");

    /// <summary>
    /// Makes a mount and all below it read-only (mount_setattr, kernel 5.12). Busy means that a file of it is open for writing; it may be one that we
    /// have closed and a process between fork and exec still holds, so it is tried again for a while.
    /// </summary>
    public static void MakeReadOnly(string path)
    {
        const int Tries = 300;
        var spin = default(SpinWait);
        for (var left = Tries; ; left--)
        {
            try
            {
                SetReadOnly(path);
                return;
            }
            catch (KernelException e) when (e.Errno == Busy && left > 0)
            {
                spin.SpinOnce();
            }
        }
    }

    private static void SetReadOnly(string path)
    {
        var attributes = stackalloc ulong[4];
        attributes[0] = MountAttrRdOnly;
        attributes[1] = attributes[2] = attributes[3] = 0;
        var text = Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            Native.Check(
                (int)Native.Syscall(MountSetAttrNumber, AtFdCwd, text, AtRecursive, (nint)attributes, 32),
                $"mount_setattr {path}");
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    /// <summary>The calling thread's root becomes <paramref name="path"/>, a mount point of its own mount namespace; the old root is detached.</summary>
    public static void PivotRoot(string path)
    {
        Native.Check(Native.ChDir(path), $"chdir {path}");
        var dot = Marshal.StringToCoTaskMemUTF8(".");
        try
        {
            Native.Check((int)Native.Syscall(IsArm ? 41 : 155, dot, dot, 0, 0, 0), $"pivot_root {path}");
        }
        finally
        {
            Marshal.FreeCoTaskMem(dot);
        }

        Native.Check(Native.Unmount(".", 2), "umount old root");
        Native.Check(Native.ChDir("/"), "chdir /");
    }

    /// <summary>User and group of the calling thread alone, supplementary groups dropped.</summary>
    public static void BecomeUser(int user, int group)
    {
        Native.Check((int)Native.Syscall(IsArm ? 159 : 116, 0, 0, 0, 0, 0), "setgroups");
        Native.Check((int)Native.Syscall(IsArm ? 149 : 119, group, group, group, 0, 0), $"setresgid {group}");
        Native.Check((int)Native.Syscall(IsArm ? 147 : 117, user, user, user, 0, 0), $"setresuid {user}");
    }
}
