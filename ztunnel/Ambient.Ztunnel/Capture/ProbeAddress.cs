using System.Net;

namespace Ambient.Ztunnel.Capture;

/// <summary>
/// The source that the node's own probes carry into pods, so that they pass uncaptured (reference 3.1). Link-local and
/// unique-local: nobody else's packets come back from there.
/// </summary>
internal static class ProbeAddress
{
    internal static IPAddress V4 { get; } = IPAddress.Parse("169.254.7.127");

    internal static IPAddress V6 { get; } = IPAddress.Parse("fd16:9254:7127:1337:ffff:ffff:ffff:ffff");
}
