using System.Collections.Immutable;
using System.Net;

namespace Ambient.Lab.Network;

/// <summary>One address of an EndpointSlice that may be used (ready, or published though not ready). Ports by port name.</summary>
internal sealed record EndpointView(IPAddress Address, ImmutableDictionary<string, int> Ports, string? HostName);
