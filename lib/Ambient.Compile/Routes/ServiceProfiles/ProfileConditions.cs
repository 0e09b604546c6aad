using System.Collections.Immutable;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.ServiceProfiles;

/// <summary>
/// A RequestMatch of a ServiceProfile as alternatives (OR of ANDs); <c>not</c> is brought down to the methods and expressions that it is over.
/// </summary>
internal static class ProfileConditions
{
    private const int MaxDepth = 8;
    private const int MaxAlternatives = 256;

    /// <param name="not">The opposite of the condition is meant.</param>
    public static ImmutableArray<HttpMatch> Of(JsonView condition, bool not = false, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw new FieldException(condition.Path, $"is nested deeper than {MaxDepth}");
        }

        // Fields of one condition hold together, as in Linkerd.
        var parts = new List<ImmutableArray<HttpMatch>>();
        if (condition.Text("method") is { Length: > 0 } written && written.ToUpperInvariant() is var method)
        {
            parts.Add([not ? new HttpMatch { WithoutMethods = [method] } : new HttpMatch { Method = TextMatch.Exact(method) }]);
        }

        if (condition.Text("pathRegex") is { Length: > 0 } regex)
        {
            var path = new PathMatch(PathMatchKind.Regex, RegexCheck.Checked(regex, $"{condition.Path}.pathRegex"));
            parts.Add([not ? new HttpMatch { WithoutPaths = [path] } : new HttpMatch { Path = path }]);
        }

        if (condition["all"].Exists)
        {
            parts.Add(Together([.. condition.List("all").Select(c => Of(c, not, depth + 1))], all: !not, condition.Path));
        }

        if (condition["any"].Exists)
        {
            parts.Add(Together([.. condition.List("any").Select(c => Of(c, not, depth + 1))], all: not, condition.Path));
        }

        if (condition["not"].Exists)
        {
            parts.Add(Of(condition["not"], !not, depth + 1));
        }

        return parts.Count == 0
            ? throw new FieldException(condition.Path, "needs method, pathRegex, all, any or not")
            : Together(parts, all: !not, condition.Path);
    }

    private static ImmutableArray<HttpMatch> Together(List<ImmutableArray<HttpMatch>> parts, bool all, string path)
    {
        ImmutableArray<HttpMatch> together = !all ? [.. parts.SelectMany(static p => p)]
            : parts.Aggregate(ImmutableArray.Create(new HttpMatch()), (a, b) => Bounded(a.SelectMany(x => b.Select(y => HttpMatches.And(x, y))).OfType<HttpMatch>(), path));
        return Bounded(together, path);
    }

    private static ImmutableArray<HttpMatch> Bounded(IEnumerable<HttpMatch> matches, string path)
    {
        ImmutableArray<HttpMatch> taken = [.. matches.Take(MaxAlternatives + 1)];
        return taken.Length > MaxAlternatives ? throw new FieldException(path, $"has more than {MaxAlternatives} alternatives") : taken;
    }
}
