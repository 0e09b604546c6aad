using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Ambient.Lab.Naming;

/// <summary>Writes the answer to a question from a zone: CNAMEs followed inside it, SOA with every negative answer, NXDOMAIN for what the cluster does not know.</summary>
internal static class DnsAnswer
{
    private const int Ttl = 5;
    private const int MaxChain = 8;
    private const int NameError = 3;

    /// <summary>The whole message; over <paramref name="limit"/> bytes it is cut to the question with TC set.</summary>
    public static byte[] Write(DnsZone zone, in DnsQuestion question, ReadOnlySpan<byte> query, int limit)
    {
        var answers = new List<(string Name, DnsRecord Record)>();
        var name = question.Name;
        var code = 0;
        for (var i = 0; i < MaxChain; i++)
        {
            var found = zone.Find(name, out var exists);
            if (!exists && i == 0)
            {
                code = NameError;
            }

            Take(answers, name, found, question.Type);
            if (found.OfType<DnsRecord.Name>().FirstOrDefault(r => r.Type == DnsType.Cname) is not { } alias || question.Type == (ushort)DnsType.Cname)
            {
                break;
            }

            name = alias.Target;
        }

        var message = Message(question, query, answers, code);
        if (message.Length > limit)
        {
            message = Message(question, query, [], code);
            message[2] |= 0x02;
        }

        return message;
    }

    private static void Take(List<(string, DnsRecord)> answers, string name, ImmutableArray<DnsRecord> found, ushort type)
    {
        var matching = found.Where(r => (ushort)r.Type == type || r.Type == DnsType.Cname || type == (ushort)DnsType.Any).ToArray();
        Random.Shared.Shuffle(matching);
        answers.AddRange(matching.Select(r => (name, r)));
    }

    private static byte[] Message(in DnsQuestion question, ReadOnlySpan<byte> query, List<(string Name, DnsRecord Record)> answers, int code)
    {
        using var message = new MemoryStream(512);
        message.Write(query[..question.Bytes]);
        foreach (var (name, record) in answers)
        {
            WriteRecord(message, name, record);
        }

        if (answers.Count == 0)
        {
            WriteAuthority(message);
        }

        var bytes = message.ToArray();
        // QR, AA, RD as asked; RA, so that no resolver looks for another server.
        bytes[2] = (byte)(0x84 | (question.RecursionDesired ? 1 : 0));
        bytes[3] = (byte)(0x80 | code);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), (ushort)answers.Count);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(8), (ushort)(answers.Count == 0 ? 1 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), 0);
        return bytes;
    }

    private static void WriteRecord(MemoryStream message, string name, DnsRecord record)
    {
        WriteName(message, name);
        Write16(message, (ushort)record.Type);
        Write16(message, 1);
        Write32(message, Ttl);
        using var data = new MemoryStream();
        switch (record)
        {
            case DnsRecord.Host host:
                data.Write(host.Value.GetAddressBytes());
                break;
            case DnsRecord.Name alias:
                WriteName(data, alias.Target);
                break;
            case DnsRecord.Service service:
                Write16(data, 0);
                Write16(data, (ushort)service.Weight);
                Write16(data, (ushort)service.Port);
                WriteName(data, service.Target);
                break;
        }

        Write16(message, (ushort)data.Length);
        data.WriteTo(message);
    }

    private static void WriteAuthority(MemoryStream message)
    {
        WriteName(message, DnsZone.Domain);
        Write16(message, (ushort)DnsType.Soa);
        Write16(message, 1);
        Write32(message, Ttl);
        using var data = new MemoryStream();
        WriteName(data, $"ns.dns.{DnsZone.Domain}");
        WriteName(data, $"hostmaster.{DnsZone.Domain}");
        Write32(data, 1);
        Write32(data, 7200);
        Write32(data, 1800);
        Write32(data, 86400);
        Write32(data, Ttl);
        Write16(message, (ushort)data.Length);
        data.WriteTo(message);
    }

    private static void WriteName(MemoryStream to, string name)
    {
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var bytes = Encoding.Latin1.GetBytes(label.Length > 63 ? label[..63] : label);
            to.WriteByte((byte)bytes.Length);
            to.Write(bytes);
        }

        to.WriteByte(0);
    }

    private static void Write16(MemoryStream to, ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        to.Write(bytes);
    }

    private static void Write32(MemoryStream to, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        to.Write(bytes);
    }
}
