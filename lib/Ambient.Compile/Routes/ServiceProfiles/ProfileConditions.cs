using System.Collections.Immutable;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.ServiceProfiles;

/// <summary>
/// RequestMatch → alternatives (OR of ANDs). <c>not</c> of a condition that the model cannot say is refused rather than widened: it is taken only over
/// methods.
/// </summary>
internal static class ProfileConditions
{
    private const int MaxDepth = 8;
    private const int MaxAlternatives = 256;

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

    public static ImmutableArray<HttpMatch> Of(JsonView condition, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw new FieldException(condition.Path, $"is nested deeper than {MaxDepth}");
        }

        // Fields of one condition hold together, as in Linkerd.
        var parts = new List<ImmutableArray<HttpMatch>>();
        if (condition.Text("method") is { Length: > 0 } method)
        {
            parts.Add([new HttpMatch { Method = TextMatch.Exact(method.ToUpperInvariant()) }]);
        }

        if (condition.Text("pathRegex") is { Length: > 0 } regex)
        {
            parts.Add([new HttpMatch { Path = new PathMatch(PathMatchKind.Regex, RegexCheck.Checked(regex, $"{condition.Path}.pathRegex")) }]);
        }

        if (condition["all"].Exists)
        {
            parts.AddRange(condition.List("all").Select(c => Of(c, depth + 1)));
        }

        if (condition["any"].Exists)
        {
            parts.Add([.. condition.List("any").SelectMany(c => Of(c, depth + 1))]);
        }

        if (condition["not"].Exists)
        {
            parts.Add(Not(condition["not"]));
        }

        return parts.Count == 0
            ? throw new FieldException(condition.Path, "needs method, pathRegex, all, any or not")
            : parts.Aggregate((a, b) => And(a, b, condition.Path));
    }

    private static ImmutableArray<HttpMatch> And(ImmutableArray<HttpMatch> a, ImmutableArray<HttpMatch> b, string path)
    {
        var both = ImmutableArray.CreateBuilder<HttpMatch>();
        foreach (var (x, y) in a.SelectMany(x => b.Select(y => (x, y))))
        {
            if (x.Path is { } p && y.Path is { } q && p != q)
            {
                throw new FieldException(path, "asks for two regular expressions of one path; write them as one");
            }

            if (x.Method is null || y.Method is null || x.Method == y.Method)
            {
                both.Add(x with { Method = x.Method ?? y.Method, Path = x.Path ?? y.Path });
            }
        }

        return both.Count > MaxAlternatives ? throw new FieldException(path, $"has more than {MaxAlternatives} alternatives") : both.ToImmutable();
    }

    private static ImmutableArray<HttpMatch> Not(JsonView view) => view["pathRegex"].Exists || view["all"].Exists || view["any"].Exists || view["not"].Exists
        ? throw new FieldException(view.Path, "is supported for a method only; order the routes instead, the first that matches wins")
        : [.. Methods.Where(m => !m.Equals(view.Text("method"), StringComparison.OrdinalIgnoreCase)).Select(static m => new HttpMatch { Method = TextMatch.Exact(m) })];
}
