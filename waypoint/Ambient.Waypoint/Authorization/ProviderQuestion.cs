using Ambient.Policy.Requests;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Authorization;

/// <summary>The request in question, as it would go on.</summary>
internal sealed record ProviderQuestion
{
    public required AuthorizationRequest Request { get; init; }

    /// <summary>Canonical path and query.</summary>
    public required string Target { get; init; }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public required string Scheme { get; init; }

    /// <summary>As <see cref="HttpRequest.Protocol"/> has it: <c>HTTP/1.1</c>, <c>HTTP/2</c>.</summary>
    public string Protocol { get; init; } = "HTTP/1.1";

    public required IHeaderDictionary Headers { get; init; }

    /// <summary>
    /// Reads at most so many bytes of the body and gives them, and whether that was all of it; the body can be read from its beginning
    /// afterwards. Null: there is none.
    /// </summary>
    public Func<int, CancellationToken, ValueTask<(ReadOnlyMemory<byte> Bytes, bool Whole)>>? PeekBody { get; init; }
}
