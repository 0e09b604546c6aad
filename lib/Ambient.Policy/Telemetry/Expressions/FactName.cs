namespace Ambient.Policy.Telemetry.Expressions;

/// <summary>What of a request an expression can name (Envoy's attribute names, see <see cref="FactNames"/>).</summary>
public enum FactName
{
    /// <summary>By name of the header, see <see cref="ITelemetryFacts.Header"/>.</summary>
    RequestHeader,
    RequestPath,
    RequestUrlPath,
    RequestHost,
    RequestMethod,
    RequestScheme,
    RequestProtocol,
    RequestId,
    RequestUserAgent,
    RequestSize,
    RequestDuration,
    ResponseCode,
    ResponseCodeDetails,
    ResponseFlags,
    ResponseGrpcStatus,
    ResponseSize,
    ConnectionMtls,
    ConnectionServerName,
    SourceAddress,
    SourcePort,
    SourcePrincipal,
    SourceWorkload,
    SourceNamespace,
    DestinationAddress,
    DestinationPort,
    DestinationPrincipal,
    DestinationWorkload,
    DestinationNamespace,
    DestinationService,
    UpstreamAddress,
    RouteName,
    ClusterName,
}
