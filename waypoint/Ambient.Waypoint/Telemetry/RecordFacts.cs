using Ambient.Core.Workloads;
using Ambient.Policy.Telemetry.Expressions;
using Ambient.Waypoint.Requests;

namespace Ambient.Waypoint.Telemetry;

/// <summary>A finished request, for filters and labels to ask about.</summary>
internal sealed class RecordFacts(RequestRecord record) : ITelemetryFacts
{
    public string? Header(string name) => record.Headers?.ValueOf(name);

    public Value ValueOf(FactName fact) => fact switch
    {
        FactName.RequestPath => Value.Of(record.Path),
        FactName.RequestUrlPath => Value.Of(PathOnly(record.Path)),
        FactName.RequestHost => Value.Of(record.Authority),
        FactName.RequestMethod => Value.Of(record.Method),
        FactName.RequestScheme => Value.Of(record.Scheme),
        FactName.RequestProtocol => Value.Of(record.Protocol),
        FactName.RequestId => Value.Of(record.RequestId),
        FactName.RequestUserAgent => Value.Of(record.UserAgent),
        FactName.RequestSize => Value.Of(record.RequestBytes),
        FactName.RequestDuration => Value.Of(record.Duration),
        FactName.ResponseCode => Value.Of(record.Status),
        FactName.ResponseCodeDetails => Value.Of(RecordText.CodeDetails(record)),
        FactName.ResponseFlags => Value.Of(ResponseFlagsText.Of(record.Flags)),
        FactName.ResponseGrpcStatus => record.GrpcStatus is { } status ? Value.Of(status) : Value.Absent,
        FactName.ResponseSize => Value.Of(record.ResponseBytes),
        FactName.RouteName => Value.Of(record.Route?.ToString()),
        FactName.ClusterName => Value.Of(RecordText.Cluster(record)),
        FactName.ConnectionServerName => Value.Of(record.ServerName),
        _ => Party(fact),
    };

    private Value Party(FactName fact) => fact switch
    {
        FactName.ConnectionMtls => Value.Of(record.Caller.VerifiedId is not null),
        FactName.SourceAddress => Value.Of(record.Source?.ToString()),
        FactName.SourcePort => Number(record.Source?.Port),
        FactName.SourcePrincipal => Value.Of(record.Caller.VerifiedId?.ToString()),
        FactName.SourceWorkload => Value.Of(Name(record.CallerWorkload)),
        FactName.SourceNamespace => Value.Of(record.CallerWorkload?.Namespace),
        FactName.DestinationAddress => Value.Of(record.Local?.ToString()),
        FactName.DestinationPort => Number(record.Local?.Port),
        FactName.DestinationPrincipal => Value.Of(record.EndpointId?.ToString()),
        FactName.DestinationWorkload => Value.Of(Name(record.Endpoint)),
        FactName.DestinationNamespace => Value.Of(record.Endpoint?.Namespace),
        FactName.DestinationService => Value.Of(record.Service?.Hostname),
        FactName.UpstreamAddress => Value.Of(record.UpstreamHost?.ToString()),
        _ => Value.Absent,
    };

    private static Value Number(int? number) => number is { } known ? Value.Of(known) : Value.Absent;

    private static string? Name(Workload? workload) => workload is null ? null : workload.WorkloadName.Length > 0 ? workload.WorkloadName : workload.Name;

    private static string PathOnly(string path)
    {
        int query = path.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? path : path[..query];
    }
}
