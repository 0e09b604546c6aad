using System.Net;
using Ambient.Core.Requests;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Policy.Requests;
using Ambient.Routing.Canonicalising;
using Ambient.Routing.Matching;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Requests.Answering;
using Ambient.Waypoint.Requests.Authorizing;
using Ambient.Waypoint.Requests.Forwarding;
using Ambient.Waypoint.Upstreams.Clusters;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Ambient.Waypoint.Requests;

/// <summary>
/// One request on its way, from its arrival to the end of its answer: what each step found out for those after it. Belongs to the request's own
/// flow and is never used again. As <see cref="IRequestHeaders"/> it is the request's headers as they are now.
/// </summary>
internal sealed class Exchange(HttpContext http, RequestConnection connection, WaypointState state, RequestRecord record) : IRequestHeaders
{
    private List<HeaderValue>? _answerHeaders;
    private RetryPolicy? _retry;

    public HttpContext Http { get; } = http;

    public RequestConnection Connection { get; } = connection;

    /// <summary>The mesh by which everything about this request is decided.</summary>
    public WaypointState State { get; } = state;

    public RequestRecord Record { get; } = record;

    public IHeaderDictionary Headers { get; } = http.Request.Headers;

    public bool IsGateway => Connection.Listener.Length > 0;

    public bool IsGrpc { get; set; }

    public bool IsWebSocket { get; set; }

    // Arrival

    public CanonicalTarget Target { get; set; }

    /// <summary>As sent, with its port if it has one.</summary>
    public string Authority { get; set; } = "";

    /// <summary>Its host, lower-case.</summary>
    public string Host { get; set; } = "";

    public RequestClock Clock { get; set; } = null!;

    /// <summary>The client's address as a gateway of the mesh tells it; null where the caller's own address is the client's.</summary>
    public IPAddress? RemoteAddress { get; set; }

    // Route

    public RequestFacts Facts { get; set; } = null!;

    public HttpRule Rule { get; set; } = StraightRule.Instance;

    /// <summary>The rule's retries, else the Mesh's default, else what is safe; with what the caller asked for.</summary>
    public RetryPolicy Retry => _retry ??= RetryWish.Of(this);

    public HttpMatch? Match { get; set; }

    public WeightedBackend? Backend { get; set; }

    // Backend

    /// <summary>The service that was addressed; the chosen backend's at gateways.</summary>
    public MeshService? Service { get; set; }

    public Cluster? Cluster { get; set; }

    public ClusterState? ClusterState { get; set; }

    /// <summary>The endpoint for the first attempt; null when there is none to take or nothing is forwarded.</summary>
    public ClusterEndpoint? Endpoint { get; set; }

    /// <summary>Answered in place of a missing endpoint, once policies have let the request pass.</summary>
    public OwnReply? NoEndpoint { get; set; }

    /// <summary>The key for hashing balancers.</summary>
    public ulong? Hash { get; set; }

    // Policies

    public PolicySets Policies { get; set; } = null!;

    /// <summary>What policies were asked about, for retries at other endpoints; null: there was nothing to ask.</summary>
    public AuthorizationRequest? Authorization { get; set; }

    // Forwarding

    /// <summary>Path and query as they go on.</summary>
    public string ForwardTarget { get; set; } = "";

    public string ForwardAuthority { get; set; } = "";

    /// <summary>Null: the request has none.</summary>
    public RequestBody? Body { get; set; }

    /// <summary><see cref="Body"/>, or what stands for none.</summary>
    public HttpContent? Content { get; set; }

    /// <summary>The answer was cut from here: that the request is aborted then is not the caller's doing.</summary>
    public bool Cut { get; set; }

    /// <summary>The caller went away.</summary>
    public bool CallerLeft => !Cut && Http.RequestAborted.IsCancellationRequested;

    /// <summary>Set when forwarding ended in an answer of ours.</summary>
    public OwnReply? Reply { get; set; }

    public string? CallerNamespace => Connection.CallerWorkload?.Namespace ?? Connection.Caller.VerifiedId?.Namespace;

    public string? ValueOf(string name) => Headers.TryGetValue(name, out StringValues values)
        ? values.Count == 1 ? values[0] : string.Join(',', (IEnumerable<string?>)values)
        : name.StartsWith(':') ? Pseudo(name) : null;

    // HTTP/2's names for the parts of the request line, for whatever version it came by.
    private string? Pseudo(string name) => name switch
    {
        ":authority" => Authority,
        ":method" => Facts?.Method ?? Http.Request.Method,
        ":path" => Target.ToString(),
        ":scheme" => Facts?.Scheme ?? Http.Request.Scheme,
        _ => null,
    };

    /// <summary>A header for the answer, whoever makes it.</summary>
    public void Answer(string name, string value) => (_answerHeaders ??= []).Add(new HeaderValue(name, value));

    /// <summary>What steps have said that the answer gets; each replaces what an endpoint says, but for cookies.</summary>
    public void WriteAnswerHeaders(IHeaderDictionary headers)
    {
        if (_answerHeaders is null)
        {
            return;
        }

        foreach (HeaderValue header in _answerHeaders)
        {
            if (header.Name == "set-cookie")
            {
                headers.Append(header.Name, header.Value);
            }
            else
            {
                headers[header.Name] = header.Value;
            }
        }
    }
}
