using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Ambient.Compile.Sources;
using Ambient.Resources.Istio.Networking;

namespace Ambient.Compile.Services;

/// <summary>
/// Addresses for hosts of ServiceEntries that have none of their own, so that a connection tells which host was meant: 240.240.0.0/16 and
/// 2001:2::/48, which nobody routes. They are kept in <c>status.addresses</c>; where the first choice is taken, the next one is tried.
/// </summary>
internal static class AutoAddress
{
    public const string Label = "networking.istio.io/enable-autoallocate-ip";

    /// <summary>Fewer than the range has, so that a choice is found soon while there is room at all.</summary>
    private const int MaxTries = 4096;

    private static readonly IPNetwork V4 = IPNetwork.Parse("240.240.0.0/16");
    private static readonly IPNetwork V6 = IPNetwork.Parse("2001:2::/48");

    // What an offline cluster gives out (RFC 2544).
    private static readonly IPNetwork Offline = IPNetwork.Parse("198.18.0.0/15");

    /// <summary>Whether a host gets addresses; wildcards only where a waypoint finds out which of their hosts was meant.</summary>
    public static bool Wanted(ServiceEntrySpec spec, SourceMeta meta, string host) =>
        spec.Addresses is not { Count: > 0 } && spec.Resolution is not (null or "NONE") && meta.Label(Label) != "false"
        && (!host.StartsWith('*') || spec.Resolution == "DYNAMIC_DNS");

    /// <summary>An address of a status that may be believed: anybody else's would be taken from its owner.</summary>
    public static bool IsOurs(IPAddress address) => V4.Contains(address) || V6.Contains(address) || Offline.Contains(address);

    /// <summary>Choices for a host, each an IPv4 and an IPv6 address, the same for everybody who asks.</summary>
    public static IEnumerable<(IPAddress V4, IPAddress V6)> Choices(ObjectKey entry, string host)
    {
        for (int i = 0; i < MaxTries; i++)
        {
            byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{entry.Namespace}/{entry.Name}/{host}#{i}")));
            int number = 1 + (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % 65534);
            byte[] v6 = V6.BaseAddress.GetAddressBytes();
            (v6[14], v6[15]) = ((byte)(number >> 8), (byte)number);
            yield return (new IPAddress([240, 240, (byte)(number >> 8), (byte)number]), new IPAddress(v6));
        }
    }
}
