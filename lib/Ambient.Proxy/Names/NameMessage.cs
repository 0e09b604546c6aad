using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Ambient.Proxy.Names;

/// <summary>Questions for addresses of a name, and the answers to them (RFC 1035 §4, RFC 3596).</summary>
internal static class NameMessage
{
    private const int Header = 12, MaxName = 253, MaxLabel = 63, MaxPointers = 32, MaxRecords = 256;
    private const ushort TypeA = 1, TypeAaaa = 28, ClassIn = 1;

    /// <summary>One question with a random id, recursion desired.</summary>
    /// <exception cref="FormatException">No name that can be asked for.</exception>
    public static byte[] Question(string name, AddressFamily family)
    {
        string[] labels = name.TrimEnd('.').Split('.');
        if (name.Length is 0 or > MaxName || Array.Exists(labels, static l => l.Length is 0 or > MaxLabel || l.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            throw new FormatException($"'{name}' is not a host name");
        }

        var message = new List<byte>(Header + name.Length + 6);
        message.AddRange(RandomNumberGenerator.GetBytes(2));
        message.AddRange([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
        foreach (string label in labels)
        {
            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }

        message.AddRange([0, 0, (byte)(family == AddressFamily.InterNetwork ? TypeA : TypeAaaa), 0, (byte)ClassIn]);
        return [.. message];
    }

    /// <summary>What a nameserver answered; aliases are followed by it, so that every address in the answer counts.</summary>
    /// <exception cref="FormatException">It is no answer to the question, or cannot be read.</exception>
    public static NameAnswer Answer(ReadOnlySpan<byte> question, ReadOnlySpan<byte> reply)
    {
        if (reply.Length < question.Length || !reply[..2].SequenceEqual(question[..2]) || (reply[2] & 0x80) == 0
            || !EqualNames(reply[Header..question.Length], question[Header..]))
        {
            throw new FormatException("the answer is not to this question");
        }

        int code = reply[3] & 0x0f;
        if (code is not (0 or 3))
        {
            throw new FormatException($"the nameserver answered with code {code}");
        }

        ushort type = BinaryPrimitives.ReadUInt16BigEndian(question[^4..]);
        int count = BinaryPrimitives.ReadUInt16BigEndian(reply[6..]);
        var addresses = new List<IPAddress>();
        uint ttl = uint.MaxValue;
        int at = question.Length;
        for (int i = 0; i < Math.Min(count, MaxRecords); i++)
        {
            at = SkipName(reply, at);
            Require(reply.Length >= at + 10);
            ushort kind = BinaryPrimitives.ReadUInt16BigEndian(reply[at..]);
            ushort @class = BinaryPrimitives.ReadUInt16BigEndian(reply[(at + 2)..]);
            uint lives = BinaryPrimitives.ReadUInt32BigEndian(reply[(at + 4)..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(reply[(at + 8)..]);
            at += 10;
            Require(reply.Length >= at + length);
            if (@class == ClassIn)
            {
                ttl = Math.Min(ttl, lives);
                if (kind == type && length == (type == TypeA ? 4 : 16))
                {
                    addresses.Add(new IPAddress(reply.Slice(at, length)));
                }
            }

            at += length;
        }

        return new NameAnswer([.. addresses], TimeSpan.FromSeconds(Math.Min(ttl, int.MaxValue)), (reply[2] & 0x02) != 0);
    }

    // Nameservers may change the case of what they repeat.
    private static bool EqualNames(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => Ascii.EqualsIgnoreCase(a, b);

    private static int SkipName(ReadOnlySpan<byte> message, int at)
    {
        for (int labels = 0; labels < MaxPointers * 4; labels++)
        {
            Require(at < message.Length);
            byte length = message[at];
            switch (length & 0xc0)
            {
                case 0xc0:
                    return at + 2;
                case 0:
                    at += 1 + length;
                    if (length == 0)
                    {
                        return at;
                    }

                    break;
                default:
                    throw new FormatException("the answer holds a label of an unknown kind");
            }
        }

        throw new FormatException("the answer holds a name that is too long");
    }

    private static void Require(bool there)
    {
        if (!there)
        {
            throw new FormatException("the answer is cut off");
        }
    }
}
