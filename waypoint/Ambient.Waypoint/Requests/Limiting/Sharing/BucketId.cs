using System.Security.Cryptography;
using System.Text;

namespace Ambient.Waypoint.Requests.Limiting.Sharing;

/// <summary>A bucket among all of a gateway's replicas: of which limit, for which key. Hashes, so that what callers write has one length on the wire.</summary>
internal readonly record struct BucketId(UInt128 Limit, UInt128 Key)
{
    /// <summary>The first 16 bytes of SHA-256.</summary>
    public static UInt128 Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
