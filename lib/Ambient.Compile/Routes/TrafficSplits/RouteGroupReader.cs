using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.TrafficSplits;

/// <summary>HTTPRouteGroup (specs.smi-spec.io v1alpha1 to v1alpha4): matches in the spec, or beside it in the first two versions.</summary>
internal static class RouteGroupReader
{
    public static RouteGroupSource Read(JsonObject manifest, SourceMeta meta, RouteGroupSource? old)
    {
        var problems = new RouteProblems(meta);
        var root = new JsonView(manifest, "");
        var views = problems.Try(() => (root["spec"].Exists && root["spec"]["matches"].Exists ? root["spec"] : root).List("matches").ToList()) ?? [];
        if (views.Count > 1024)
        {
            problems.Error("spec.matches", $"has {views.Count} matches, at most 1024 are allowed");
            views = [];
        }

        var matches = views.SelectMany(v => problems.Try(() => Of(v).ToList()) ?? []).ToImmutableArray();
        return problems.HasErrors
            ? (old ?? new RouteGroupSource(meta, [], null, [])) with
            {
                Meta = meta,
                Refusal = new Refusal(meta.Generation, problems.Errors, "Invalid", old is { Matches.IsEmpty: false }),
                Notes = problems.Warnings,
            }
            : new RouteGroupSource(meta, matches, null, problems.Warnings);
    }

    private static IEnumerable<HttpMatch> Of(JsonView m)
    {
        var match = new HttpMatch
        {
            Name = m.Text("name"),
            Path = m.Text("pathRegex") is { Length: > 0 } regex ? new PathMatch(PathMatchKind.Regex, RegexCheck.Checked(regex, $"{m.Path}.pathRegex")) : null,
            Headers = [.. Headers(m)],
        };
        var methods = m.Texts("methods").Select(static x => x.ToUpperInvariant()).ToList();
        return methods.Count == 0 || methods.Contains("*") ? [match] : methods.Select(method => match with { Method = TextMatch.Exact(method) });
    }

    /// <summary>A map, or in v1alpha1 and v1alpha2 a list of maps.</summary>
    private static IEnumerable<NamedMatch> Headers(JsonView m) => m["headers"].Node switch
    {
        null => [],
        JsonArray => m.List("headers").SelectMany(Map),
        _ => Map(m["headers"]),
    };

    private static IEnumerable<NamedMatch> Map(JsonView headers) => headers.Node is not JsonObject o
        ? throw new FieldException(headers.Path, "must be a map of header names to regular expressions")
        : o.Select(h => new NamedMatch(
            RouteFields.HeaderName(h.Key, $"{headers.Path}.{h.Key}"), new TextMatch(TextMatchKind.Regex, RegexCheck.Checked(headers.Text(h.Key), $"{headers.Path}.{h.Key}"))));
}
