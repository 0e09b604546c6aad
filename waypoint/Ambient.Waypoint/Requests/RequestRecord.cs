using System.Net;
using Ambient.Core.Identity;
using Ambient.Core.Policies;
using Ambient.Core.Requests;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Waypoint.Telemetry;
using Ambient.Waypoint.Telemetry.Tracing;
using Ambient.Waypoint.Upstreams.Clusters;

namespace Ambient.Waypoint.Requests;

/// <summary>
/// What was decided about one request and what came of it. The pipeline writes it as it goes, on the request's own flow;
/// <see cref="RequestTelemetry.Finished"/> reads it once, when the answer has ended. From then on it is the access log's and must neither
/// be changed nor used again.
/// </summary>
internal sealed class RequestRecord
{
    /// <summary>Set by <see cref="RequestTelemetry.Started"/>, by the wall clock.</summary>
    public DateTimeOffset StartTime { get; set; }

    /// <summary>The same by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long Started { get; set; }

    /// <summary>Set by <see cref="RequestTelemetry.Finished"/>.</summary>
    public TimeSpan Duration { get; set; }

    /// <summary>Of the attempt that answered: from sending until the answer's headers were there. Null: no endpoint answered.</summary>
    public TimeSpan? UpstreamTime { get; set; }

    // Who asks

    public PeerIdentity Caller { get; set; } = PeerIdentity.Plaintext;

    public Workload? CallerWorkload { get; set; }

    /// <summary>The caller's own address.</summary>
    public IPEndPoint? Source { get; set; }

    /// <summary>What the caller connected to.</summary>
    public IPEndPoint? Local { get; set; }

    /// <summary>SNI of TLS that ends here (gateways).</summary>
    public string? ServerName { get; set; }

    /// <summary>True at gateways, whose metrics say <c>reporter="source"</c>; waypoints say <c>reporter="waypoint"</c>.</summary>
    public bool IsGateway { get; set; }

    // What is asked, as it came: before anything was rewritten

    public string Method { get; set; } = "";

    /// <summary>Path and query.</summary>
    public string Path { get; set; } = "";

    /// <summary><c>HTTP/1.1</c>, <c>HTTP/2</c>, <c>HTTP/3</c>.</summary>
    public string Protocol { get; set; } = "HTTP/1.1";

    public string Scheme { get; set; } = "http";

    public string Authority { get; set; } = "";

    public string? UserAgent { get; set; }

    /// <summary><c>x-request-id</c>.</summary>
    public string? RequestId { get; set; }

    /// <summary><c>x-forwarded-for</c> as it came.</summary>
    public string? ForwardedFor { get; set; }

    /// <summary>The request's headers, for tags and filters that name one; valid until <see cref="RequestTelemetry.Finished"/> returns.</summary>
    public IRequestHeaders? Headers { get; set; }

    public bool IsGrpc { get; set; }

    // What was decided

    /// <summary>The service that is asked: addressed at a waypoint, the chosen backend's at a gateway. Null when there is none.</summary>
    public MeshService? Service { get; set; }

    /// <summary>The route's rule; null when none took the request or when the service has no routes.</summary>
    public RouteOrigin? Route { get; set; }

    /// <summary>The cluster that was chosen; null when none was.</summary>
    public ClusterKey? Cluster { get; set; }

    /// <summary>The backend of the route that was chosen; null when no route says one.</summary>
    public BackendTarget? Backend { get; set; }

    /// <summary>Endpoint of the last attempt.</summary>
    public Workload? Endpoint { get; set; }

    /// <summary>Its verified identity; null when it was reached without mutual TLS.</summary>
    public SpiffeId? EndpointId { get; set; }

    public IPEndPoint? UpstreamHost { get; set; }

    public IPEndPoint? UpstreamLocal { get; set; }

    /// <summary>Attempts begun; 2 means one retry.</summary>
    public int Attempts { get; set; }

    /// <summary>A retry was due, and the budget had none left.</summary>
    public bool RetryBudgetSpent { get; set; }

    /// <summary>Copies sent to mirrors.</summary>
    public int Mirrors { get; set; }

    /// <summary>The policy that decided, when one did.</summary>
    public PolicyOrigin? Policy { get; set; }

    /// <summary>Its rule, from 0; -1 for none.</summary>
    public int PolicyRule { get; set; } = -1;

    /// <summary>AUDIT and dry-run policies that matched, each in words; null: none.</summary>
    public List<string>? Notes { get; set; }

    public ResponseFlags Flags { get; set; }

    /// <summary>Why we answered instead of an endpoint: the code of header <c>ambient-reason</c>. Null when the answer is an endpoint's.</summary>
    public string? Reason { get; set; }

    /// <summary>The same in words, for people; also why an attempt failed.</summary>
    public string? Detail { get; set; }

    // What came of it

    /// <summary>0: there was no answer.</summary>
    public int Status { get; set; }

    /// <summary>Of trailers or of an answer without body; null when there is none.</summary>
    public int? GrpcStatus { get; set; }

    /// <summary>Body bytes from the caller.</summary>
    public long RequestBytes { get; set; }

    /// <summary>Body bytes to the caller.</summary>
    public long ResponseBytes { get; set; }

    /// <summary>gRPC messages; 0 when not counted.</summary>
    public long RequestMessages { get; set; }

    /// <inheritdoc cref="RequestMessages"/>
    public long ResponseMessages { get; set; }

    /// <summary>Null: not traced.</summary>
    public RequestTrace? Trace { get; set; }
}
