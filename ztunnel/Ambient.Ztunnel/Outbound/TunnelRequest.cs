using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Ambient.Hbone.Connect;
using Ambient.Routing.Destinations;

namespace Ambient.Ztunnel.Outbound;

/// <summary>The headers of a CONNECT (reference 1.3).</summary>
internal static class TunnelRequest
{
    internal static ConnectRequest For(OutboundConnection connection, Resolution.Tunnel tunnel) => new()
    {
        Authority = tunnel.Authority,
        Baggage = Proxy.Telemetry.Baggage.Of(connection.Local!),
        Forwarded = Forwarded(connection.Source, tunnel.Service?.Hostname),
        TraceParent = NewTrace(),
    };

    /// <summary>RFC 7239; the host name unquoted, as HBONE peers write it.</summary>
    internal static string Forwarded(IPEndPoint source, string? hostname)
    {
        string address = source.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{source.Address}]" : source.Address.ToString();
        string forwarded = string.Create(CultureInfo.InvariantCulture, $"for=\"{address}:{source.Port}\"");
        return hostname is null ? forwarded : $"{forwarded};host={hostname}";
    }

    /// <summary>W3C Trace Context, random, not sampled.</summary>
    internal static string NewTrace()
    {
        Span<byte> id = stackalloc byte[24];
        RandomNumberGenerator.Fill(id);
        return $"00-{Convert.ToHexStringLower(id[..16])}-{Convert.ToHexStringLower(id[16..])}-00";
    }
}
