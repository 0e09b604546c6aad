using Ambient.Core.Routes;
using Ambient.Policy.Requests;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Requests.Authorizing;
using Ambient.Waypoint.Requests.Forwarding;
using Ambient.Waypoint.Upstreams;
using Ambient.Waypoint.Upstreams.Clusters;
using Microsoft.Extensions.Primitives;

namespace Ambient.Waypoint.Requests.Mirroring;

/// <summary>What a copy needs of a request that may be over before the copy leaves.</summary>
internal sealed class MirrorCopy
{
    private readonly KeyValuePair<string, StringValues>[] _headers;
    private readonly string _method;
    private readonly string _target;
    private readonly string _authority;
    private readonly string _host;
    private readonly RequestConnection _connection;
    private readonly Exchange _of;

    private MirrorCopy(Exchange x, RouteMirror mirror)
    {
        Target = mirror.Target;
        State = x.State;
        Http2 = x.Http.Request.Protocol is not "HTTP/1.1" and not "HTTP/1.0";
        _headers = [.. x.Headers.Where(h => !HopHeaders.StayHere(h.Key))];
        _method = x.Http.Request.Method;
        _target = x.ForwardTarget;
        _authority = Shadow(x.ForwardAuthority);
        _host = x.Host;
        _connection = x.Connection;
        _of = x;
    }

    public BackendTarget Target { get; }

    public WaypointState State { get; }

    public bool Http2 { get; }

    public static MirrorCopy Of(Exchange x, RouteMirror mirror) => new(x, mirror);

    /// <summary>
    /// Whether the target's own policies let the copy in; where a token or a provider would have to be asked anew the answer is no. Only while the
    /// request is under way.
    /// </summary>
    public bool MayGoTo(ClusterState state, ClusterEndpoint endpoint)
    {
        DestinationPolicies own = endpoint.PoliciesOf(_of.Policies, state.Service?.Key);
        if (_of.IsGateway || own.IsEmpty)
        {
            return true;
        }

        // The token was judged for another service.
        AuthorizationRequest asked = (_of.Authorization ?? AuthorizeStep.RequestOf(_of, null)) with { Token = null };
        asked = endpoint.Address is { } address ? asked with { Destination = address } : asked;
        return own.Tokens.IsEmpty && own.Requests.ProvidersFor(asked).IsEmpty && own.Requests.Decide(asked).Allowed;
    }

    public HttpRequestMessage Message(ClusterState state, ClusterEndpoint endpoint, ReadOnlyMemory<byte> body, out UpstreamKey key)
    {
        key = KeyOf(state, endpoint) with { Caller = _connection.Caller, Http2 = Http2 };
        HttpRequestMessage message = new(new HttpMethod(_method), RequestCopy.UriOf(key.Prefix, _target))
        {
            Version = key.Version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body.Length > 0 ? new ReadOnlyMemoryContent(body) : null,
        };
        foreach ((string name, StringValues values) in _headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)
                && !name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                message.Content ??= new EmptyBody();
                message.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        message.Headers.Host = _authority;
        return message;
    }

    private UpstreamKey KeyOf(ClusterState state, ClusterEndpoint endpoint) => state is { BehindOther: true, Service: { } bound }
        ? BoundService.KeyOf(State, bound, Target.Port)
        : UpstreamKeys.To(endpoint.Workload, state.Service, endpoint.Port, _host) with
        {
            Tls = state.Policy.Tls,
            TlsHost = state.Policy.Tls is { ServerName: null } ? _host : null,
            Pool = state.Policy.ConnectionPool,
        };

    // So that whoever gets it can tell a copy (Envoy's suffix); before the port, if there is one.
    private static string Shadow(string authority)
    {
        int colon = authority.LastIndexOf(':');
        bool port = colon > 0 && !authority.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9');
        return port ? $"{authority[..colon]}-shadow{authority[colon..]}" : authority + "-shadow";
    }
}
