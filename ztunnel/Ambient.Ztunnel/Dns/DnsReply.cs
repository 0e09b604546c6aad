using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Ambient.Ztunnel.Dns;

/// <summary>Writes answers (RFC 1035 §4).</summary>
internal static class DnsReply
{
    internal const int MaxUdp = 512, MaxTcp = 65_535;
    private const int TimeToLive = 30;
    private const ushort ServerFailure = 2;

    /// <param name="query">The message that is answered; its question is repeated.</param>
    /// <param name="question">Of that message.</param>
    /// <param name="alias">When the name asked for stands for another: that one.</param>
    /// <param name="addresses">Of the family asked for; none makes an empty answer.</param>
    /// <param name="limit">Bytes; what does not fit is left out and the answer says truncated.</param>
    internal static byte[] Addresses(
        ReadOnlySpan<byte> query, in DnsQuestion question, string? alias, IReadOnlyList<IPAddress> addresses, int limit)
    {
        var buffer = new MemoryStream();
        buffer.Write(query[..question.End]);
        int count = 0, owner = DnsQuestion.HeaderLength;
        if (alias is not null)
        {
            byte[] target = Name(alias);
            Record(buffer, owner, DnsType.Cname, target);
            owner = (int)buffer.Length - target.Length;
            count++;
        }

        bool truncated = false;
        foreach (IPAddress address in addresses)
        {
            byte[] data = address.GetAddressBytes();
            if (buffer.Length + 12 + data.Length > limit)
            {
                truncated = true;
                break;
            }

            Record(buffer, owner, question.Type, data);
            count++;
        }

        byte[] reply = buffer.ToArray();
        Header(reply, question.RecursionDesired, 0, count, truncated);
        return reply;
    }

    internal static byte[] Failure(ReadOnlySpan<byte> query, in DnsQuestion question)
    {
        byte[] reply = query[..question.End].ToArray();
        Header(reply, question.RecursionDesired, ServerFailure, 0, truncated: false);
        return reply;
    }

    // QR, AA, RA; RD as asked; one question, no authority or additional records.
    private static void Header(byte[] reply, bool recursion, ushort code, int answers, bool truncated)
    {
        int flags = 0x8480 | code | (recursion ? 0x0100 : 0) | (truncated ? 0x0200 : 0);
        BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(2), (ushort)flags);
        BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(6), (ushort)answers);
        reply.AsSpan(8, 4).Clear();
    }

    private static void Record(MemoryStream buffer, int ownerOffset, DnsType type, byte[] data)
    {
        Span<byte> head = stackalloc byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)(0xC000 | ownerOffset));
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(head[4..], 1);
        BinaryPrimitives.WriteInt32BigEndian(head[6..], TimeToLive);
        BinaryPrimitives.WriteUInt16BigEndian(head[10..], (ushort)data.Length);
        buffer.Write(head);
        buffer.Write(data);
    }

    private static byte[] Name(string name)
    {
        var bytes = new List<byte>(name.Length + 2);
        foreach (string label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(label));
        }

        bytes.Add(0);
        return [.. bytes];
    }
}
