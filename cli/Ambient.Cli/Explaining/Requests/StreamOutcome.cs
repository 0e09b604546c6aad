using System.Net;
using Ambient.Core.Identity;
using Ambient.Core.Services;
using Ambient.Policy.Requests;

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
        if (routed.Refusal is { } refusal)
        {
            return answer.End("refuse", null, refusal);
        }

        RequestJudge.Verdict verdict = new RequestJudge(mesh, proxy).Decide(
            service,
            [.. routed.Taken.Where(b => b.Invalid is null).SelectMany(b => routed.Backends.Usable(b.Target)
                .Select(e => new RequestJudge.Place(mesh.Mesh.ServiceByKey(b.Target.Service), e.Workload, BackendJson.AddressOf(e))))],
            new AuthorizationRequest
            {
                Peer = caller.Pod is { } pod ? new PeerIdentity.Verified(pod.Identity) : PeerIdentity.Plaintext,
                SourceAddress = caller.Address,
                Destination = new IPEndPoint(IPAddress.Any, port),
                IsStream = true,
                Method = "",
                Authority = "",
                Path = null,
                ServerName = serverName,
            },
            "");
        answer.Json["policies"] = verdict.Policies;
        return verdict.Status is not null ? answer.End("deny", null, verdict.Reason)
            : new Onward(answer, mesh, proxy, caller.Pod).To(routed.Taken, routed.Backends, null, serverName)
            ?? answer.End("forward", null, (routed.Origin is { } origin ? $"{origin} takes the connection; {why}" : $"{why}; nobody wrote a tcp or tls route: the service's own endpoints") + verdict.Reason);
    }
}
