using System.Collections.Immutable;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.VirtualServices;

/// <summary>HTTPRoute, TLSRoute and TCPRoute of a VirtualService.</summary>
internal sealed class RuleReader(SourceMeta meta, string clusterDomain, bool isDelegate, RouteProblems problems)
{
    public const int MaxMatches = 1024;

    private static readonly RouteAction.Fail Unresolved = new(503, "the destinations are not resolved");

    private readonly MatchReader _matches = new(meta.Namespace);
    private readonly DestinationReader _destinations = new(meta.Namespace, clusterDomain);

    public WrittenRule Http(JsonView r, int at)
    {
        ObjectKey? next = r["delegate"].Exists ? Delegate(r["delegate"]) : null;
        var destinations = _destinations.Weighted(r);
        if ((destinations.IsEmpty ? 0 : 1) + (r["redirect"].Exists ? 1 : 0) + (r["directResponse"].Exists ? 1 : 0) + (next is null ? 0 : 1) != 1)
        {
            problems.Error(r.Path, "needs exactly one of route, redirect, directResponse and delegate");
        }

        if (r["redirect"].Exists && r["rewrite"].Exists)
        {
            problems.Error($"{r.Path}.rewrite", "cannot stand together with redirect");
        }

        if (next is not null && isDelegate)
        {
            problems.Error($"{r.Path}.delegate", "a VirtualService that is delegated to cannot delegate further: there is one level");
        }

        var rule = new HttpRule
        {
            Origin = Origin(r, at),
            Action = r["redirect"].Exists ? ActionReader.Redirect(r["redirect"])
                : r["directResponse"].Exists ? ActionReader.Respond(r["directResponse"])
                : Unresolved,
            Rewrite = ActionReader.Rewrite(r["rewrite"]),
            RequestHeaders = r["headers"]["request"].Headers(),
            ResponseHeaders = r["headers"]["response"].Headers(),
            Timeout = PolicyReader.Positive(r.Duration("timeout")),
            Retry = PolicyReader.Retry(r["retries"]),
            Fault = PolicyReader.Fault(r["fault"]),
            Cors = PolicyReader.Cors(r["corsPolicy"]),
        };
        return new WrittenRule(r.Path, rule, Matches(r, _matches.Http), destinations, _destinations.Mirrors(r), next);
    }

    public WrittenStreamRule Tls(JsonView r, int at) => Stream(r, at, Required(r, Matches(r, _matches.Tls)));

    public WrittenStreamRule Tcp(JsonView r, int at) => Stream(r, at, Matches(r, _matches.Tcp));

    private WrittenStreamRule Stream(JsonView r, int at, ImmutableArray<WrittenStreamMatch> matches)
    {
        var destinations = _destinations.Weighted(r);
        return destinations.IsEmpty
            ? throw new FieldException($"{r.Path}.route", "is required")
            : new WrittenStreamRule(Origin(r, at), matches, destinations);
    }

    private RouteOrigin Origin(JsonView r, int at) =>
        new(meta.Kind, meta.Namespace, meta.Name, at, r.Text("name") is { Length: > 0 } name ? name : null);

    private static ImmutableArray<WrittenStreamMatch> Required(JsonView r, ImmutableArray<WrittenStreamMatch> matches) =>
        matches.IsEmpty ? throw new FieldException($"{r.Path}.match", "is required: it names the server names (sniHosts)") : matches;

    private static ImmutableArray<T> Matches<T>(JsonView r, Func<JsonView, T> read)
    {
        var views = r.List("match").ToList();
        return views.Count > MaxMatches
            ? throw new FieldException($"{r.Path}.match", $"has {views.Count} conditions, at most {MaxMatches} are allowed")
            : [.. views.Select(read)];
    }

    private ObjectKey Delegate(JsonView d)
    {
        string name = d.Text("name");
        return name.Length == 0
            ? throw new FieldException($"{d.Path}.name", "is required")
            : new ObjectKey(RouteKind.VirtualService, d.Text("namespace") is { Length: > 0 } ns ? ns : meta.Namespace, name);
    }
}
