using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ambient.Identity.Tls;

namespace Ambient.Ztunnel.Inbound;

/// <summary>PROXY protocol version 2 (haproxy proxy-protocol.txt §2.2) with the caller's SPIFFE id in TLV 0xD0 (reference 1.6).</summary>
internal static class ProxyHeader
{
    private const byte IdentityTlv = 0xd0;

    internal static async Task WriteAsync(MeshConnection app, InboundConnection connection, CancellationToken ct)
    {
        IPEndPoint destination = IPEndPoint.TryParse(connection.Authority ?? "", out IPEndPoint? asked) ? asked : connection.AcceptedOn;
        await app.Output.WriteAsync(Build(connection.Source, destination, (connection.CallerId ?? connection.PeerId)?.ToString()), ct);
    }

    internal static byte[] Build(IPEndPoint source, IPEndPoint destination, string? identity)
    {
        bool six = source.AddressFamily == AddressFamily.InterNetworkV6 || destination.AddressFamily == AddressFamily.InterNetworkV6;
        byte[] from = Bytes(source.Address, six), to = Bytes(destination.Address, six);
        byte[] id = identity is null ? [] : Encoding.UTF8.GetBytes(identity);
        int length = (from.Length * 2) + 4 + (id.Length > 0 ? 3 + id.Length : 0);
        byte[] header = new byte[16 + length];
        ReadOnlySpan<byte> signature = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];
        signature.CopyTo(header);
        header[12] = 0x21;
        header[13] = (byte)(six ? 0x21 : 0x11);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), (ushort)length);
        Span<byte> rest = header.AsSpan(16);
        from.CopyTo(rest);
        to.CopyTo(rest[from.Length..]);
        rest = rest[(from.Length * 2)..];
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)destination.Port);
        if (id.Length > 0)
        {
            rest[4] = IdentityTlv;
            BinaryPrimitives.WriteUInt16BigEndian(rest[5..], (ushort)id.Length);
            id.CopyTo(rest[7..]);
        }

        return header;
    }

    private static byte[] Bytes(IPAddress address, bool six) =>
        (six ? address.MapToIPv6() : address).GetAddressBytes();
}
