using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Ambient.Core.Routes;

namespace Ambient.Routing.Matching;

/// <summary>Matches outside route tables: which requests a <see cref="RateLimit"/> counts.</summary>
public static class RequestMatches
{
    private static readonly ConditionalWeakTable<HttpMatch, HttpEntry> Made = [];

    /// <summary>True when there are none, or one of them takes the request. What cannot be read takes every request.</summary>
    public static bool Any(ImmutableArray<HttpMatch> matches, RequestFacts facts)
    {
        foreach (HttpMatch match in matches)
        {
            if (Made.GetValue(match, HttpEntry.Of).Against(facts) is null)
            {
                return true;
            }
        }

        return matches.IsEmpty;
    }
}
