using System.Collections.Immutable;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.Reading;

/// <summary>Istio's StringMatch: exactly one of <c>exact</c>, <c>prefix</c>, <c>regex</c>.</summary>
internal static class StringConditions
{
    private static readonly (TextMatchKind Kind, string Name)[] Fields =
        [(TextMatchKind.Exact, "exact"), (TextMatchKind.Prefix, "prefix"), (TextMatchKind.Regex, "regex")];

    /// <summary>Null for an absent one; <c>{}</c> is presence where that has a meaning, elsewhere an error.</summary>
    public static TextMatch? Text(JsonView view, bool presence = false, bool emptyIsPresent = false) => Read(view) switch
    {
        null => null,
        (TextMatchKind.Presence, _) => presence ? TextMatch.Presence : throw new FieldException(view.Path, "needs one of exact, prefix and regex"),
        (TextMatchKind.Exact, "") when emptyIsPresent => TextMatch.Exact(""),
        var (kind, value) => new TextMatch(kind, value),
    };

    public static PathMatch? Path(JsonView view, bool ignoreCase) => Read(view) switch
    {
        null => null,
        (TextMatchKind.Presence, _) => throw new FieldException(view.Path, "needs one of exact, prefix and regex"),
        (TextMatchKind.Exact, var value) => new PathMatch(PathMatchKind.Exact, value, ignoreCase),
        (TextMatchKind.Prefix, var value) => new PathMatch(PathMatchKind.Prefix, value, ignoreCase),
        var (_, value) => new PathMatch(PathMatchKind.Regex, value),
    };

    /// <summary>A map of header names to conditions. The pseudo names are matched by fields of their own and are ignored here.</summary>
    public static ImmutableArray<NamedMatch> Headers(JsonView view, string name)
    {
        if (!view[name].Exists)
        {
            return [];
        }

        return
        [
            .. Names(view[name]).Where(static n => n is not ("uri" or "scheme" or "method" or "authority"))
                .Select(n => new NamedMatch(
                    n is ":method" or ":path" or ":scheme" ? n : RouteFields.HeaderName(n, $"{view[name].Path}.{n}"),
                    Text(view[name][n], presence: true) ?? TextMatch.Presence)),
        ];
    }

    public static ImmutableArray<NamedMatch> Parameters(JsonView view, string name) => !view[name].Exists ? [] :
    [
        .. Names(view[name]).Select(n => new NamedMatch(n, Text(view[name][n], presence: true, emptyIsPresent: true) ?? TextMatch.Presence)),
    ];

    private static IEnumerable<string> Names(JsonView map) => map.Node is System.Text.Json.Nodes.JsonObject o
        ? o.Select(static p => p.Key).Order(StringComparer.Ordinal)
        : throw new FieldException(map.Path, "must be a map");

    private static (TextMatchKind Kind, string Value)? Read(JsonView view)
    {
        if (!view.Exists)
        {
            return null;
        }

        var set = Fields.Where(k => view[k.Name].Exists).ToList();
        return set switch
        {
            [] => (TextMatchKind.Presence, ""),
            [var (kind, name)] => (kind, kind == TextMatchKind.Regex ? RegexCheck.Checked(view.Text(name), view[name].Path) : view.Text(name)),
            _ => throw new FieldException(view.Path, "can have only one of exact, prefix and regex"),
        };
    }
}
