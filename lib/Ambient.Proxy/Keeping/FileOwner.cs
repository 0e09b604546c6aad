using System.Runtime.InteropServices;

namespace Ambient.Proxy.Keeping;

/// <summary>Whose a file is. Constants are those of Linux on x86-64 and arm64.</summary>
internal static partial class FileOwner
{
    /// <summary>The file belongs to the user of this process. st_uid is at offset 28 on x86-64 and at 24 on arm64.</summary>
    internal static unsafe bool IsOwn(SafeHandle file)
    {
        ulong* status = stackalloc ulong[64];
        int at = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 28 : 24;
        return Status(file, status) == 0 && *(uint*)((byte*)status + at) == EffectiveUser();
    }

    /// <summary>Fills a <c>struct stat</c>.</summary>
    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    private static unsafe partial int Status(SafeHandle handle, ulong* status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
