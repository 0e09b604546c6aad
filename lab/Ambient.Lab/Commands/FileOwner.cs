using System.Buffers.Binary;
using Ambient.Lab.Kernel;

namespace Ambient.Lab.Commands;

/// <summary>Who owns a file.</summary>
internal static unsafe class FileOwner
{
    private const int AtFdCwd = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const uint StatxUid = 0x8;

    /// <summary>Its user id, a link's own; -1 when it cannot be told. statx(2): stx_uid is at byte 20.</summary>
    public static int Of(string path)
    {
        var buffer = stackalloc byte[256];
        return Native.Statx(AtFdCwd, path, AtSymlinkNoFollow, StatxUid, buffer) == 0
            ? BinaryPrimitives.ReadInt32LittleEndian(new ReadOnlySpan<byte>(buffer + 20, 4))
            : -1;
    }
}
