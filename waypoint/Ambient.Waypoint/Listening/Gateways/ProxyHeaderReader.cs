using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ambient.Waypoint.Listening.Gateways;

/// <summary>The PROXY protocol header of a load balancer, versions 1 and 2 (haproxy proxy-protocol.txt §2): whose connection it is.</summary>
internal static class ProxyHeaderReader
{
    private const int MaxText = 107, BinaryHead = 16, MaxBinary = BinaryHead + 2048;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Takes the header out of the input. Null when there is none, or not a whole one before patience ends; the peer itself for a header without addresses.</summary>
    internal static async ValueTask<IPEndPoint?> ReadAsync(PipeReader input, IPEndPoint peer, CancellationToken patience)
    {
        await using CancellationTokenRegistration giveUp = patience.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), input);
        while (true)
        {
            ReadResult result = await input.ReadAsync(CancellationToken.None);
            byte[] bytes = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, MaxBinary)).ToArray();
            var (length, source) = Parse(bytes, peer);
            if (length > 0)
            {
                input.AdvanceTo(result.Buffer.GetPosition(length));
                return source;
            }

            if (length < 0 || result.IsCompleted || result.IsCanceled)
            {
                input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                return null;
            }

            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    // Length: of the header; 0: more is needed; -1: it is none.
    internal static (int Length, IPEndPoint? Source) Parse(ReadOnlySpan<byte> bytes, IPEndPoint peer)
    {
        int same = bytes.CommonPrefixLength(Signature);
        return same == Signature.Length ? Binary(bytes, peer)
            : same > 0 && same == bytes.Length ? (0, null)
            : Text(bytes, peer);
    }

    private static (int Length, IPEndPoint? Source) Text(ReadOnlySpan<byte> bytes, IPEndPoint peer)
    {
        ReadOnlySpan<byte> start = "PROXY "u8;
        int same = bytes.CommonPrefixLength(start);
        if (same < start.Length)
        {
            return same == bytes.Length ? (0, null) : (-1, null);
        }

        int end = bytes[..Math.Min(bytes.Length, MaxText)].IndexOf("\r\n"u8);
        if (end < 0)
        {
            return bytes.Length < MaxText ? (0, null) : (-1, null);
        }

        string[] parts = Encoding.ASCII.GetString(bytes[..end]).Split(' ');
        return parts switch
        {
            [_, "UNKNOWN", ..] => (end + 2, peer),
            [_, "TCP4" or "TCP6", var from, _, var port, _] when IPAddress.TryParse(from, out IPAddress? address)
                && ushort.TryParse(port, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out ushort number)
                && address.AddressFamily == (parts[1] == "TCP4" ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6) => (end + 2, new IPEndPoint(address, number)),
            _ => (-1, null),
        };
    }

    private static (int Length, IPEndPoint? Source) Binary(ReadOnlySpan<byte> bytes, IPEndPoint peer)
    {
        if (bytes.Length < BinaryHead)
        {
            return (0, null);
        }

        int length = BinaryHead + BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        if (bytes[12] >> 4 != 2 || length > MaxBinary)
        {
            return (-1, null);
        }

        if (bytes.Length < length)
        {
            return (0, null);
        }

        ReadOnlySpan<byte> addresses = bytes[BinaryHead..length];
        return (bytes[12] & 0xF, bytes[13] >> 4) switch
        {
            (0, _) => (length, peer), // LOCAL: the balancer's own probe
            (1, 1) when addresses.Length >= 12 => (length, new IPEndPoint(new IPAddress(addresses[..4]), BinaryPrimitives.ReadUInt16BigEndian(addresses[8..]))),
            (1, 2) when addresses.Length >= 36 => (length, new IPEndPoint(new IPAddress(addresses[..16]), BinaryPrimitives.ReadUInt16BigEndian(addresses[32..]))),
            (1, 0) => (length, peer),
            _ => (-1, null),
        };
    }
}
