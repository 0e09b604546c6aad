using System.Buffers.Binary;
using System.Text;

namespace Ambient.Lab.Naming;

/// <summary>The one question of a query (RFC 1035 §4.1).</summary>
/// <remarks><c>Bytes</c>: how much of the message header and question take. <c>UdpSize</c>: what the asker takes over UDP, 512 or
/// what its OPT record says (RFC 6891).</remarks>
internal readonly record struct DnsQuestion(ushort Id, bool RecursionDesired, string Name, ushort Type, ushort Class, int Bytes, int UdpSize)
{
    /// <summary>Null for anything that is not one plain query: the sender gets no answer, or FORMERR by the caller.</summary>
    public static DnsQuestion? Parse(ReadOnlySpan<byte> message)
    {
        if (message.Length < 17 || (message[2] & 0xf8) != 0 || BinaryPrimitives.ReadUInt16BigEndian(message[4..]) != 1)
        {
            return null;
        }

        var name = new StringBuilder();
        var at = 12;
        while (true)
        {
            if (at >= message.Length)
            {
                return null;
            }

            int length = message[at++];
            if (length == 0)
            {
                break;
            }

            // No compression in a question, and no name over 255 bytes.
            if (length > 63 || at + length > message.Length || name.Length + length > 254)
            {
                return null;
            }

            if (name.Length > 0)
            {
                name.Append('.');
            }

            name.Append(Encoding.Latin1.GetString(message.Slice(at, length)));
            at += length;
        }

        if (at + 4 > message.Length)
        {
            return null;
        }

        return new DnsQuestion(
            BinaryPrimitives.ReadUInt16BigEndian(message),
            (message[2] & 1) != 0,
            name.ToString().ToLowerInvariant(),
            BinaryPrimitives.ReadUInt16BigEndian(message[at..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]),
            at + 4,
            AcceptedSize(message, at + 4));
    }

    private static int AcceptedSize(ReadOnlySpan<byte> message, int at)
    {
        var additional = BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
        return additional > 0 && message.Length >= at + 11 && message[at] == 0
            && BinaryPrimitives.ReadUInt16BigEndian(message[(at + 1)..]) == (ushort)DnsType.Opt
            ? Math.Clamp((int)BinaryPrimitives.ReadUInt16BigEndian(message[(at + 3)..]), 512, 4096)
            : 512;
    }
}
