using System.Collections.Immutable;
using Ambient.Core.Services;
using Ambient.Resources.Istio.Networking;

namespace Ambient.Compile.Services;

/// <summary>Ports of a ServiceEntry: as the service has them, and as an endpoint serves them.</summary>
internal static class ServiceEntryPorts
{
    public static ImmutableArray<ServicePort> OfService(ServiceEntrySpec spec) =>
        [.. Tcp(spec).Select(static p => new ServicePort(p.Number!.Value, p.TargetPort ?? p.Number.Value, AppProtocols.Of(p.Protocol ?? "")))];

    /// <summary>An endpoint's own number for a port's name comes first.</summary>
    public static ImmutableArray<ServicePort> OfEndpoint(ServiceEntrySpec spec, IReadOnlyDictionary<string, int>? own) =>
        [.. Tcp(spec).Select(p => new ServicePort(
            p.Number!.Value, own is not null && own.TryGetValue(p.Name!, out int port) ? port : p.TargetPort ?? p.Number.Value, AppProtocols.Of(p.Protocol ?? "")))];

    private static IEnumerable<ServiceEntryPort> Tcp(ServiceEntrySpec spec) => (spec.Ports ?? []).Where(static p => p.Protocol != "UDP");
}
