namespace Ambient.Discovery.Publishing;

/// <summary>How far one proxy is with one type of resource.</summary>
/// <param name="NodeId">As the proxy names itself: <c>ztunnel~ip~pod.ns~ns.svc.cluster.local</c>.</param>
/// <param name="Caller">As its token names it.</param>
/// <param name="TypeUrl">Type of resource.</param>
/// <param name="SentVersion">Of the publisher, in the last response sent; empty before the first.</param>
/// <param name="AckedVersion">Of the last response that it accepted or refused in part.</param>
/// <param name="LastNack">What it refused, and why; null when the last answer was an ACK.</param>
/// <param name="ConnectedAt">Begin of the stream.</param>
public sealed record ProxyStatus(
    string NodeId, Caller Caller, string TypeUrl, string SentVersion, string AckedVersion, string? LastNack, DateTimeOffset ConnectedAt);
