using System.Runtime.CompilerServices;
using Ambient.Core.Routes;
using Ambient.Routing.Patterns;

namespace Ambient.Routing.Rewriting;

/// <summary>Patterns of rewrites, compiled once for as long as the rule lives.</summary>
internal static class RegexRewrites
{
    private static readonly ConditionalWeakTable<PathRewrite, Compiled> Made = [];

    public static string? Replace(PathRewrite rewrite, string path, out string? reason)
    {
        Compiled compiled = Made.GetValue(rewrite, static r => new Compiled(r));
        reason = compiled.Reason;
        return compiled.Pattern is { } pattern && compiled.Replacement is { } replacement ? pattern.Replace(path, replacement) : null;
    }

    private sealed class Compiled
    {
        public Compiled(PathRewrite rewrite)
        {
            if (Re2Pattern.TryParse(rewrite.Pattern, out Re2Pattern? pattern, out string? reason)
                && Re2Replacement.TryParse(rewrite.Value, pattern.Groups, out Re2Replacement? replacement, out reason))
            {
                (Pattern, Replacement) = (pattern, replacement);
            }

            Reason = reason;
        }

        public Re2Pattern? Pattern { get; }

        public Re2Replacement? Replacement { get; }

        public string? Reason { get; }
    }
}
