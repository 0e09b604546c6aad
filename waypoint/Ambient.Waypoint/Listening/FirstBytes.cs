using System.Buffers;

namespace Ambient.Waypoint.Listening;

/// <summary>
/// Tells HTTP/2 (RFC 9113 §3.4), HTTP/1 (a whole request line, RFC 9112 §3) and TLS (a ClientHello record) by their first bytes. Looks at no more
/// than <see cref="MaxLength"/>.
/// </summary>
internal static class FirstBytes
{
    internal const int MaxLength = 32 * 1024;

    private const int MaxMethod = 24;

    private static readonly SearchValues<byte> s_method = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    internal static Spoken Look(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return Spoken.Undecided;
        }

        if (bytes[0] == TlsHello.HandshakeRecord)
        {
            return TlsHello.Look(bytes);
        }

        int same = bytes.CommonPrefixLength(Preface);
        return same == Preface.Length ? Spoken.Http2
            : same == bytes.Length ? Spoken.Undecided
            : RequestLine(bytes);
    }

    private static Spoken RequestLine(ReadOnlySpan<byte> bytes)
    {
        int method = bytes.IndexOfAnyExcept(s_method);
        if (method < 0)
        {
            return bytes.Length <= MaxMethod ? Spoken.Undecided : Spoken.Other;
        }

        if (method is 0 or > MaxMethod || bytes[method] != ' ')
        {
            return Spoken.Other;
        }

        int end = bytes.IndexOf((byte)'\n');
        if (end < 0)
        {
            // A request line that never ends is HTTP's to refuse.
            return bytes.Length < MaxLength ? Spoken.Undecided : Spoken.Http1;
        }

        ReadOnlySpan<byte> line = bytes[..end].TrimEnd((byte)'\r');
        return line is [.., 0x20, 0x48, 0x54, 0x54, 0x50, 0x2f, 0x31, 0x2e, >= 0x30 and <= 0x39] ? Spoken.Http1 : Spoken.Other;
    }
}
