using Ambient.Routing.Resilience;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Upstreams.Clusters;

/// <summary>Tells the log of endpoints that are left out and that come back.</summary>
internal sealed partial class EjectionLog(ILogger log) : IEjections
{
    public void Ejected(Cluster cluster, ClusterEndpoint endpoint, AttemptResult last) =>
        Left(log, endpoint.Address?.ToString() ?? endpoint.Id, endpoint.Workload.Name, cluster.Key, cluster.State.Outliers?.Describe(endpoint.Id) ?? "", Words(last));

    public void Probed(Cluster cluster, ClusterEndpoint endpoint, bool healthy) =>
        Checked(log, endpoint.Address?.ToString() ?? endpoint.Id, endpoint.Workload.Name, cluster.Key, endpoint.Probe);

    private static string Words(AttemptResult last) => last.Failure != AttemptFailure.None ? $"{last.Failure}"
        : last.GrpcStatus is { } grpc ? $"gRPC status {grpc}" : $"status {last.Status}";

    [LoggerMessage(Level = LogLevel.Warning, Message = "Endpoint {Address} ({Workload}) of {Cluster} is left out: {State}; last it was {Last}")]
    private static partial void Left(ILogger log, string address, string workload, ClusterKey cluster, string state, string last);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Endpoint {Address} ({Workload}) of {Cluster}: {State}")]
    private static partial void Checked(ILogger log, string address, string workload, ClusterKey cluster, ProbeState state);
}
