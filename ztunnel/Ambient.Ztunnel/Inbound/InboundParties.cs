using System.Net;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Hbone.Connect;
using Ambient.Policy;
using Ambient.Ztunnel.Enrolment;

namespace Ambient.Ztunnel.Inbound;

/// <summary>Labels of an inbound connection. None of this decides anything.</summary>
internal static class InboundParties
{
    internal static void Fill(PodContext pod, InboundConnection connection, InboundDecision decision, ConnectRequest? request)
    {
        connection.Policy = decision.Policy;
        connection.Remote = pod.Mesh.WorkloadByAddress(
            new NetworkAddress(connection.Local?.Network ?? "", connection.Source.Address));
        connection.Service = decision.Service ?? Named(pod, connection.Local, request?.Forwarded);
        connection.Destination ??= decision.Target
            ?? (IPEndPoint.TryParse(connection.Authority ?? "", out IPEndPoint? asked) ? asked : null);
    }

    // The peer's word on which service was meant counts only where the workload serves it.
    private static MeshService? Named(PodContext pod, Workload? local, string? forwarded)
    {
        if (local is null || HostOf(forwarded) is not { } host)
        {
            return null;
        }

        foreach (MeshService service in pod.Mesh.ServicesByHostname(host))
        {
            if (local.Services.ContainsKey(service.Key))
            {
                return service;
            }
        }

        return null;
    }

    /// <summary>The first <c>host=</c> of a forwarded header (RFC 7239), quoted or not; null when there is none.</summary>
    internal static string? HostOf(string? forwarded)
    {
        foreach (Range part in (forwarded ?? "").AsSpan().Split(';'))
        {
            ReadOnlySpan<char> pair = forwarded.AsSpan()[part].Trim();
            if (pair.StartsWith("host=", StringComparison.OrdinalIgnoreCase))
            {
                ReadOnlySpan<char> host = pair[5..].Trim('"');
                return host.IsEmpty || host.Length > 253 || host.ContainsAnyExceptInRange('!', '~') ? null : host.ToString();
            }
        }

        return null;
    }
}
