using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.Reading;

/// <summary>Matches of ServiceProfiles and HTTPRouteGroups (path, method and headers), put together.</summary>
internal static class HttpMatches
{
    /// <summary>What both take; null when no request fits both.</summary>
    public static HttpMatch? And(HttpMatch a, HttpMatch b) =>
        a.Method is { } x && b.Method is { } y && x != y ? null
        : (a.Method ?? b.Method) is { } method && a.WithoutMethods.Concat(b.WithoutMethods).Contains(method.Value, StringComparer.Ordinal) ? null
        : a with
        {
            Path = a.Path ?? b.Path,
            AlsoPaths = a.Path is not null && b.Path is { } second && second != a.Path ? [.. a.AlsoPaths, .. b.AlsoPaths, second] : [.. a.AlsoPaths, .. b.AlsoPaths],
            WithoutPaths = [.. a.WithoutPaths, .. b.WithoutPaths],
            Method = a.Method ?? b.Method,
            WithoutMethods = a.Method is not null || b.Method is not null ? [] : [.. a.WithoutMethods, .. b.WithoutMethods],
            Headers = [.. a.Headers, .. b.Headers],
        };
}
