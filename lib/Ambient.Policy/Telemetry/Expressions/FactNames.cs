using System.Collections.Frozen;

namespace Ambient.Policy.Telemetry.Expressions;

/// <summary>Attributes by the name that expressions have for them, with the type of their values.</summary>
public static class FactNames
{
    internal const string Headers = "request.headers";

    private static readonly FrozenDictionary<string, (FactName Attribute, ValueKind Kind)> s_byName =
        new Dictionary<string, (FactName, ValueKind)>(StringComparer.Ordinal)
        {
            ["request.path"] = (FactName.RequestPath, ValueKind.Text),
            ["request.url_path"] = (FactName.RequestUrlPath, ValueKind.Text),
            ["request.host"] = (FactName.RequestHost, ValueKind.Text),
            ["request.method"] = (FactName.RequestMethod, ValueKind.Text),
            ["request.scheme"] = (FactName.RequestScheme, ValueKind.Text),
            ["request.protocol"] = (FactName.RequestProtocol, ValueKind.Text),
            ["request.id"] = (FactName.RequestId, ValueKind.Text),
            ["request.useragent"] = (FactName.RequestUserAgent, ValueKind.Text),
            ["request.size"] = (FactName.RequestSize, ValueKind.Number),
            ["request.duration"] = (FactName.RequestDuration, ValueKind.Duration),
            ["response.code"] = (FactName.ResponseCode, ValueKind.Number),
            ["response.code_details"] = (FactName.ResponseCodeDetails, ValueKind.Text),
            ["response.flags"] = (FactName.ResponseFlags, ValueKind.Text),
            ["response.grpc_status"] = (FactName.ResponseGrpcStatus, ValueKind.Number),
            ["response.size"] = (FactName.ResponseSize, ValueKind.Number),
            ["connection.mtls"] = (FactName.ConnectionMtls, ValueKind.Bool),
            ["connection.requested_server_name"] = (FactName.ConnectionServerName, ValueKind.Text),
            ["source.address"] = (FactName.SourceAddress, ValueKind.Text),
            ["source.port"] = (FactName.SourcePort, ValueKind.Number),
            ["source.principal"] = (FactName.SourcePrincipal, ValueKind.Text),
            ["source.workload.name"] = (FactName.SourceWorkload, ValueKind.Text),
            ["source.workload.namespace"] = (FactName.SourceNamespace, ValueKind.Text),
            ["destination.address"] = (FactName.DestinationAddress, ValueKind.Text),
            ["destination.port"] = (FactName.DestinationPort, ValueKind.Number),
            ["destination.principal"] = (FactName.DestinationPrincipal, ValueKind.Text),
            ["destination.workload.name"] = (FactName.DestinationWorkload, ValueKind.Text),
            ["destination.workload.namespace"] = (FactName.DestinationNamespace, ValueKind.Text),
            ["destination.service.host"] = (FactName.DestinationService, ValueKind.Text),
            ["upstream.address"] = (FactName.UpstreamAddress, ValueKind.Text),
            ["xds.route_name"] = (FactName.RouteName, ValueKind.Text),
            ["xds.cluster_name"] = (FactName.ClusterName, ValueKind.Text),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every name, in order, for documentation and messages.</summary>
    public static IEnumerable<string> Names => s_byName.Keys.Append("request.headers['NAME']").Order(StringComparer.Ordinal);

    internal static bool TryFind(string name, out FactName attribute, out ValueKind kind)
    {
        bool found = s_byName.TryGetValue(name, out (FactName Attribute, ValueKind Kind) entry);
        (attribute, kind) = entry;
        return found;
    }
}
