using System.Collections.Immutable;
using Ambient.Core.Routes;

namespace Ambient.Waypoint.Requests.Answering;

/// <summary>An answer that the proxy makes itself.</summary>
/// <param name="Status">For HTTP; gRPC gets 200 and a status of its own.</param>
/// <param name="Code">One of <see cref="ReasonCodes"/>; empty for what a route asks for (redirect, direct response, preflight), which has no reason.</param>
/// <param name="Detail">One line for people, the body unless there is another.</param>
internal sealed record OwnReply(int Status, string Code, string Detail, ResponseFlags Flags = ResponseFlags.None)
{
    /// <summary>Null: what stands for <see cref="Status"/>.</summary>
    public int? GrpcStatus { get; init; }

    public ImmutableArray<HeaderValue> Headers { get; init; } = [];

    /// <summary>Null: <see cref="Detail"/> as text.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>An answer of its own for HTTP even to gRPC (redirects).</summary>
    public bool AsHttp { get; init; }

    /// <summary>gRPC clients read statuses, not HTTP's (as Envoy maps them; time-outs and limits by their own names).</summary>
    public int EffectiveGrpcStatus => GrpcStatus ?? Status switch
    {
        200 => 0,
        400 => 13,
        401 => 16,
        403 => 7,
        404 => 12,
        429 => 8,
        502 or 503 => 14,
        504 => 4,
        _ => 2,
    };
}
