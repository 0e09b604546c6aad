using System.Buffers.Binary;
using System.Text;

namespace Ambient.Ztunnel.Dns;

/// <summary>RFC 1035 §3.2.2 and RFC 3596: the two types that the mesh answers.</summary>
internal enum DnsType : ushort
{
    A = 1,
    Cname = 5,
    Aaaa = 28,
}

/// <summary>The one question of a query (RFC 1035 §4.1).</summary>
/// <param name="Id">To be repeated in the answer.</param>
/// <param name="Name">Lower case, without the final dot; empty for the root.</param>
/// <param name="Type">Any type.</param>
/// <param name="RecursionDesired">To be repeated.</param>
/// <param name="End">Offset of the first byte after the question.</param>
internal readonly record struct DnsQuestion(ushort Id, string Name, DnsType Type, bool RecursionDesired, int End)
{
    internal const int HeaderLength = 12;
    private const int MaxName = 255, MaxLabel = 63;

    /// <summary>False for anything but a plain query with one question of class IN; such are forwarded or dropped unread.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> message, out DnsQuestion question)
    {
        question = default;
        if (message.Length < HeaderLength)
        {
            return false;
        }

        ushort flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        bool plainQuery = (flags & 0xF800) == 0 && BinaryPrimitives.ReadUInt16BigEndian(message[4..]) == 1;
        if (!plainQuery || !TryReadName(message, out string name, out int at) || message.Length < at + 4
            || BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]) != 1)
        {
            return false;
        }

        question = new DnsQuestion(
            BinaryPrimitives.ReadUInt16BigEndian(message),
            name,
            (DnsType)BinaryPrimitives.ReadUInt16BigEndian(message[at..]),
            (flags & 0x0100) != 0,
            at + 4);
        return true;
    }

    // A question's name has no compression pointers (nothing stands before it), so labels only.
    private static bool TryReadName(ReadOnlySpan<byte> message, out string name, out int at)
    {
        var text = new StringBuilder();
        at = HeaderLength;
        name = "";
        while (at < message.Length)
        {
            int length = message[at++];
            if (length == 0)
            {
                name = text.ToString();
                return true;
            }

            if (length > MaxLabel || at + length > message.Length || text.Length + length + 1 > MaxName)
            {
                return false;
            }

            text.Append(text.Length > 0 ? "." : "");
            foreach (byte b in message.Slice(at, length))
            {
                // A dot inside a label would make two names look like one.
                if (b is <= (byte)' ' or >= 127 or (byte)'.')
                {
                    return false;
                }

                text.Append(char.ToLowerInvariant((char)b));
            }

            at += length;
        }

        return false;
    }
}
