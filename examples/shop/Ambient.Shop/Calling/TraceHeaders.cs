using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace Ambient.Shop.Calling;

/// <summary>Headers that a service hands on to those that it calls, so that a trace, and a route by <c>end-user</c>, reaches through.</summary>
internal static class TraceHeaders
{
    private static readonly ImmutableArray<string> Names =
    [
        "traceparent", "tracestate", "baggage", "b3", "x-b3-traceid", "x-b3-spanid", "x-b3-parentspanid", "x-b3-sampled", "x-b3-flags", "x-request-id", "end-user",
    ];

    public static ImmutableArray<(string Name, string Value)> Of(IHeaderDictionary headers) =>
        [.. Names.Select(n => (n, Value: headers[n].ToString())).Where(h => h.Value.Length > 0)];
}
