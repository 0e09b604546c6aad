using System.Collections.Immutable;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.HttpRoutes;

/// <summary>HTTPRouteMatch and GRPCRouteMatch (Gateway API v1).</summary>
internal static class RouteMatchReader
{
    private static readonly PathMatch Everything = new(PathMatchKind.SegmentPrefix, "/");

    public static ImmutableArray<HttpMatch> Http(JsonView rule)
    {
        var matches = rule.List("matches").Select(m => new HttpMatch
        {
            Path = m["path"].Exists ? Path(m["path"]) : Everything,
            Method = m.Text("method") is { Length: > 0 } method ? TextMatch.Exact(method) : null,
            Headers = Named(m, "headers", static (name, path) => RouteFields.HeaderName(name, path)),
            QueryParameters = Named(m, "queryParams", static (name, _) => name),
        }).ToImmutableArray();
        return matches.IsEmpty ? [new HttpMatch { Path = Everything }] : matches;
    }

    public static ImmutableArray<HttpMatch> Grpc(JsonView rule)
    {
        var matches = rule.List("matches").Select(m => new HttpMatch
        {
            Path = Method(m["method"]),
            Headers = Named(m, "headers", static (name, path) => RouteFields.HeaderName(name, path)),
        }).ToImmutableArray();
        return matches.IsEmpty ? [new HttpMatch { Path = Everything }] : matches;
    }

    /// <summary>For each match of <see cref="Grpc"/>.</summary>
    public static ImmutableArray<GrpcLengths> Lengths(JsonView rule)
    {
        var all = rule.List("matches").Select(static m => new GrpcLengths(m["method"].Text("service").Length, m["method"].Text("method").Length)).ToImmutableArray();
        return all.IsEmpty ? [default] : all;
    }

    private static PathMatch Path(JsonView p)
    {
        string value = p.Text("value") is { Length: > 0 } written ? written : "/";
        var kind = p.Text("type") switch
        {
            "" or "PathPrefix" => PathMatchKind.SegmentPrefix,
            "Exact" => PathMatchKind.Exact,
            "RegularExpression" => PathMatchKind.Regex,
            var other => throw new FieldException($"{p.Path}.type", $"'{RouteFields.Shortened(other)}' is not one of Exact, PathPrefix, RegularExpression"),
        };
        return kind == PathMatchKind.Regex ? new PathMatch(kind, RegexCheck.Checked(value, $"{p.Path}.value"))
            : value.StartsWith('/') ? new PathMatch(kind, value)
            : throw new FieldException($"{p.Path}.value", "must begin with /");
    }

    private static PathMatch Method(JsonView m)
    {
        string service = m.Text("service");
        string method = m.Text("method");
        if (m.Text("type") == "RegularExpression")
        {
            string regex = $"/{(service.Length > 0 ? $"(?:{service})" : "[^/]+")}/{(method.Length > 0 ? $"(?:{method})" : "[^/]+")}";
            return new PathMatch(PathMatchKind.Regex, RegexCheck.Checked(regex, m.Path));
        }

        return (service.Length, method.Length) switch
        {
            (0, 0) => Everything,
            (_, 0) => new PathMatch(PathMatchKind.SegmentPrefix, $"/{service}"),
            (0, _) => new PathMatch(PathMatchKind.Regex, RegexCheck.Checked($"/[^/]+/{method}", m.Path)),
            _ => new PathMatch(PathMatchKind.Exact, $"/{service}/{method}"),
        };
    }

    /// <summary>The first of a repeated name counts.</summary>
    private static ImmutableArray<NamedMatch> Named(JsonView m, string field, Func<string, string, string> nameOf) =>
    [
        .. m.List(field).Select(h => new NamedMatch(nameOf(h.Text("name"), $"{h.Path}.name"), h.Text("type") switch
        {
            "" or "Exact" => TextMatch.Exact(h.Text("value")),
            "RegularExpression" => new TextMatch(TextMatchKind.Regex, RegexCheck.Checked(h.Text("value"), $"{h.Path}.value")),
            var other => throw new FieldException($"{h.Path}.type", $"'{RouteFields.Shortened(other)}' is not one of Exact, RegularExpression"),
        })).DistinctBy(static n => n.Name),
    ];
}
