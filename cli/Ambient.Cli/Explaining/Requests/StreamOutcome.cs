using Ambient.Core.Services;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>A request that a waypoint passes on unopened, as bytes.</summary>
internal sealed class StreamOutcome(RequestAnswer answer, ExplainedMesh mesh, RequestProxy proxy)
{
    /// <param name="why">Why it is not looked into.</param>
    public RequestAnswer Of(MeshService service, int port, Caller caller, string? serverName, string why)
    {
        answer.Json["considered"] = Considered.Json(
            mesh, mesh.Routes.Mesh(service.Hostname.ToLowerInvariant(), port, caller.Pod?.Namespace)?.Table, why, service.Hostname);
        StreamBackends routed = StreamBackends.Of(mesh, service, port, caller, serverName, proxy);
        answer.Json["route"] = routed.Origin is null ? null : RuleJson.Origin(routed.Origin);
        answer.Json["backends"] = routed.Json;
        return routed.Refusal is { } refusal ? answer.End("refuse", null, refusal)
            : new Onward(answer, mesh, proxy).To(routed.Taken, routed.Backends)
            ?? answer.End("forward", null, routed.Origin is { } origin ? $"{origin} takes the connection; {why}" : $"{why}; nobody wrote a tcp or tls route: the service's own endpoints");
    }
}
