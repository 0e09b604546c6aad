using System.Collections.Immutable;
using Ambient.Core.Mesh;

namespace Ambient.Core.Policies.Providers;

/// <summary>
/// Who is asked about the requests that a CUSTOM AuthorizationPolicy matches (Istio's MeshConfig extensionProviders: envoyExtAuthzHttp,
/// envoyExtAuthzGrpc).
/// </summary>
public sealed record AuthorizationProvider : ProxyResource
{
    public override string Type => nameof(AuthorizationProvider);

    /// <summary>As policies name it.</summary>
    public required string Name { get; init; }

    public override string Key => Name;

    /// <summary>Host name of a service of the mesh, or of outside.</summary>
    public required string Service { get; init; }

    public required int Port { get; init; }

    /// <summary>True: envoy.service.auth.v3.Authorization; false: an HTTP request with the method, path and headers of the one in question.</summary>
    public bool IsGrpc { get; init; }

    /// <summary>For everything together.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Allows when there is no answer, or a 5xx.</summary>
    public bool FailOpen { get; init; }

    /// <summary>Status when there is no answer and <see cref="FailOpen"/> is false.</summary>
    public int StatusOnError { get; init; } = 403;

    /// <summary>Before the path of the request in question; HTTP only.</summary>
    public string PathPrefix { get; init; } = "";

    /// <summary>
    /// Headers of the request that are shown, beside method, path, authority and content length; lower-case, <c>x-*</c> is a prefix, <c>*-x</c> a suffix.
    /// gRPC shows all.
    /// </summary>
    public ImmutableArray<string> RequestHeaders { get; init; } = [];

    /// <summary>Headers with fixed values that are shown beside.</summary>
    public ImmutableArray<Routes.HeaderValue> FurtherHeaders { get; init; } = [];

    /// <summary>Bytes of the body that are shown; 0: none.</summary>
    public int MaxBody { get; init; }

    /// <summary>A longer body is cut; otherwise such a request is answered 413.</summary>
    public bool AllowPartialBody { get; init; }

    /// <summary>Headers of an allowing answer that the request gets, in place of its own; empty: none.</summary>
    public ImmutableArray<string> HeadersUpstream { get; init; } = [];

    /// <summary>Headers of an allowing answer that the client gets.</summary>
    public ImmutableArray<string> HeadersDownstreamOnAllow { get; init; } = [];

    /// <summary>Headers of a refusing answer that the client gets; empty: all but those of the connection.</summary>
    public ImmutableArray<string> HeadersDownstreamOnDeny { get; init; } = [];
}
