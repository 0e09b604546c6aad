using System.Collections.Immutable;
using System.Globalization;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Policies.Providers;
using Ambient.Core.Routes;
using Ambient.Resources.AmbientApi;

namespace Ambient.Compile.Settings;

/// <summary>The Mesh's authorization providers.</summary>
internal static class ProviderReader
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    public static IEnumerable<Finding> Check(MeshSpec spec, SourceMeta meta)
    {
        var problems = new RouteProblems(meta);
        Read(spec, problems);
        return problems.Errors;
    }

    public static ImmutableArray<AuthorizationProvider> Read(MeshSpec spec) => Read(spec, null);

    private static ImmutableArray<AuthorizationProvider> Read(MeshSpec spec, RouteProblems? problems)
    {
        var providers = ImmutableArray.CreateBuilder<AuthorizationProvider>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (p, i) in (spec.AuthorizationProviders ?? []).Select(static (p, i) => (p, i)))
        {
            string path = $"spec.authorizationProviders[{i}]";
            string name = p.Name ?? "";
            if (name.Length == 0 || !names.Add(name))
            {
                problems?.Error($"{path}.name", name.Length == 0 ? "is required" : $"'{name}' is there already");
            }

            if ((p.EnvoyExtAuthzHttp is null) == (p.EnvoyExtAuthzGrpc is null))
            {
                problems?.Error(path, "must have one of envoyExtAuthzHttp and envoyExtAuthzGrpc");
                continue;
            }

            providers.Add(p.EnvoyExtAuthzHttp is { } http ? Http(name, http, $"{path}.envoyExtAuthzHttp", problems) : Grpc(name, p.EnvoyExtAuthzGrpc!, $"{path}.envoyExtAuthzGrpc", problems));
        }

        return providers.ToImmutable();
    }

    private static AuthorizationProvider Grpc(string name, MeshGrpcAuthorizer g, string path, RouteProblems? problems) => new()
    {
        Name = name,
        IsGrpc = true,
        Service = Service(g.Service, path, problems),
        Port = g.Port ?? 0,
        Timeout = Timeout(g.Timeout, path, problems),
        FailOpen = g.FailOpen ?? false,
        StatusOnError = Status(g.StatusOnError, path, problems),
        MaxBody = g.IncludeRequestBodyInCheck?.MaxRequestBytes ?? 0,
        AllowPartialBody = g.IncludeRequestBodyInCheck?.AllowPartialMessage ?? false,
    };

    private static AuthorizationProvider Http(string name, MeshHttpAuthorizer h, string path, RouteProblems? problems) => new()
    {
        Name = name,
        Service = Service(h.Service, path, problems),
        Port = h.Port ?? 0,
        Timeout = Timeout(h.Timeout, path, problems),
        FailOpen = h.FailOpen ?? false,
        StatusOnError = Status(h.StatusOnError, path, problems),
        MaxBody = h.IncludeRequestBodyInCheck?.MaxRequestBytes ?? 0,
        AllowPartialBody = h.IncludeRequestBodyInCheck?.AllowPartialMessage ?? false,
        PathPrefix = Prefix(h.PathPrefix, path, problems),
        RequestHeaders = Names(h.IncludeRequestHeadersInCheck, $"{path}.includeRequestHeadersInCheck", problems),
        FurtherHeaders = [.. (h.IncludeAdditionalHeadersInCheck ?? new Dictionary<string, string>()).OrderBy(static e => e.Key, StringComparer.Ordinal)
            .Select(e => new HeaderValue(Text(() => RouteFields.HeaderName(e.Key, $"{path}.includeAdditionalHeadersInCheck.{e.Key}"), problems), Text(() => RouteFields.HeaderText(e.Value ?? "", $"{path}.includeAdditionalHeadersInCheck.{e.Key}"), problems)))],
        HeadersUpstream = Names(h.HeadersToUpstreamOnAllow, $"{path}.headersToUpstreamOnAllow", problems),
        HeadersDownstreamOnAllow = Names(h.HeadersToDownstreamOnAllow, $"{path}.headersToDownstreamOnAllow", problems),
        HeadersDownstreamOnDeny = Names(h.HeadersToDownstreamOnDeny, $"{path}.headersToDownstreamOnDeny", problems),
    };

    /// <summary>Istio writes <c>namespace/host</c> where a host alone could mean several.</summary>
    private static string Service(string? text, string path, RouteProblems? problems)
    {
        string host = (text ?? "")[((text ?? "").IndexOf('/', StringComparison.Ordinal) + 1)..].ToLowerInvariant();
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            problems?.Error($"{path}.service", $"'{RouteFields.Shortened(text ?? "")}' is not a host name");
        }

        return host;
    }

    private static TimeSpan Timeout(string? text, string path, RouteProblems? problems)
    {
        if (text is not { Length: > 0 })
        {
            return DefaultTimeout;
        }

        if (!GoDuration.TryParse(text, out TimeSpan timeout) || timeout <= TimeSpan.Zero || timeout > TimeSpan.FromHours(1))
        {
            problems?.Error($"{path}.timeout", $"'{RouteFields.Shortened(text)}' is no duration up to 1h0m0s; write for example 5s");
        }

        return timeout;
    }

    private static int Status(string? text, string path, RouteProblems? problems)
    {
        if (text is not { Length: > 0 })
        {
            return 403;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int status) || status is < 400 or > 599)
        {
            problems?.Error($"{path}.statusOnError", $"'{RouteFields.Shortened(text)}' is not a status from 400 to 599");
        }

        return status;
    }

    private static string Prefix(string? text, string path, RouteProblems? problems)
    {
        string prefix = (text ?? "").TrimEnd('/');
        if (prefix.Length > 0 && (prefix[0] != '/' || prefix.Any(static c => c is <= ' ' or >= '\u007f' or '?' or '#')))
        {
            problems?.Error($"{path}.pathPrefix", "must begin with / and be plain ASCII without query");
        }

        return prefix;
    }

    private static ImmutableArray<string> Names(IReadOnlyList<string>? names, string path, RouteProblems? problems) =>
    [
        .. (names ?? []).Select((n, i) => n == "*" ? n
            : n.StartsWith('*') ? "*" + Text(() => RouteFields.HeaderName(n[1..], $"{path}[{i}]"), problems)
            : n.EndsWith('*') ? Text(() => RouteFields.HeaderName(n[..^1], $"{path}[{i}]"), problems) + "*"
            : Text(() => RouteFields.HeaderName(n, $"{path}[{i}]"), problems)).Where(static n => n.Length > 0),
    ];

    private static string Text(Func<string> read, RouteProblems? problems)
    {
        try
        {
            return read();
        }
        catch (FieldException e)
        {
            problems?.Error(e.Path, e.Message);
            return "";
        }
    }
}
