using System.Buffers.Binary;
using System.Text;

namespace Ambient.Waypoint.Listening;

/// <summary>A TLS ClientHello, as far as its server name (RFC 8446 §4.1.2, RFC 6066 §3). May span several records.</summary>
internal static class TlsHello
{
    internal const byte HandshakeRecord = 22;

    private const byte ClientHello = 1, HostName = 0;
    private const int RecordHead = 5, HandshakeHead = 4, MaxHello = 16 * 1024, MaxHostName = 255;

    internal static Spoken Look(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < RecordHead + 1)
        {
            return bytes.Length > 1 && bytes[1] != 3 ? Spoken.Other : Spoken.Undecided;
        }

        if (bytes[1] != 3 || bytes[RecordHead] != ClientHello)
        {
            return Spoken.Other;
        }

        Span<byte> hello = stackalloc byte[MaxHello];
        return Collect(bytes, hello, out _) switch
        {
            null => Spoken.Undecided,
            true => Spoken.Tls,
            false => Spoken.Other,
        };
    }

    /// <summary>Lower-case; null when there is none or the bytes are no whole ClientHello.</summary>
    internal static string? ServerName(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hello = stackalloc byte[MaxHello];
        return Collect(bytes, hello, out int length) == true ? Extensions(hello[HandshakeHead..length]) : null;
    }

    // True: the whole message is in "hello"; null: more bytes are needed; false: it is none.
    private static bool? Collect(ReadOnlySpan<byte> bytes, Span<byte> hello, out int length)
    {
        length = 0;
        while (true)
        {
            if (length >= HandshakeHead)
            {
                int whole = HandshakeHead + ((hello[1] << 16) | (hello[2] << 8) | hello[3]);
                if (whole > MaxHello)
                {
                    return false;
                }

                if (length >= whole)
                {
                    length = whole;
                    return true;
                }
            }

            if (bytes.Length < RecordHead)
            {
                return null;
            }

            int record = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
            if (bytes[0] != HandshakeRecord || bytes[1] != 3 || record is 0 or > MaxHello)
            {
                return false;
            }

            ReadOnlySpan<byte> content = bytes[RecordHead..Math.Min(bytes.Length, RecordHead + record)];
            if (content.Length > hello.Length - length)
            {
                return false;
            }

            content.CopyTo(hello[length..]);
            length += content.Length;
            if (content.Length < record && (length < HandshakeHead || length < HandshakeHead + ((hello[1] << 16) | (hello[2] << 8) | hello[3])))
            {
                return null;
            }

            bytes = bytes[(RecordHead + content.Length)..];
        }
    }

    // legacy_version 2, random 32, session id 1+n, cipher suites 2+n, compression 1+n, extensions 2+n.
    private static string? Extensions(ReadOnlySpan<byte> body) =>
        Skip(ref body, 34) && SkipVector(ref body, 1) && SkipVector(ref body, 2) && SkipVector(ref body, 1)
        && Take(ref body, 2, out ReadOnlySpan<byte> extensions)
            ? Find(extensions)
            : null;

    private static string? Find(ReadOnlySpan<byte> extensions)
    {
        while (extensions.Length >= 4)
        {
            int type = BinaryPrimitives.ReadUInt16BigEndian(extensions);
            extensions = extensions[2..];
            if (!Take(ref extensions, 2, out ReadOnlySpan<byte> content))
            {
                return null;
            }

            if (type == 0)
            {
                return Take(ref content, 2, out ReadOnlySpan<byte> names) && names is [HostName, ..] && Skip(ref names, 1)
                    && Take(ref names, 2, out ReadOnlySpan<byte> name) && IsHostName(name)
                        ? Encoding.ASCII.GetString(name).ToLowerInvariant()
                        : null;
            }
        }

        return null;
    }

    private static bool IsHostName(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= MaxHostName && !name.ContainsAnyExceptInRange((byte)'!', (byte)'~');

    private static bool Skip(ref ReadOnlySpan<byte> bytes, int count)
    {
        bool enough = bytes.Length >= count;
        bytes = enough ? bytes[count..] : [];
        return enough;
    }

    private static bool SkipVector(ref ReadOnlySpan<byte> bytes, int lengthBytes) => Take(ref bytes, lengthBytes, out _);

    private static bool Take(ref ReadOnlySpan<byte> bytes, int lengthBytes, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (bytes.Length < lengthBytes)
        {
            return false;
        }

        int length = lengthBytes == 1 ? bytes[0] : BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if (bytes.Length < lengthBytes + length)
        {
            return false;
        }

        content = bytes.Slice(lengthBytes, length);
        bytes = bytes[(lengthBytes + length)..];
        return true;
    }
}
