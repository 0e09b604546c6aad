using System.Collections.Immutable;

namespace Ambient.Core.Routes;

/// <summary>How a rule answers.</summary>
public abstract record RouteAction
{
    private RouteAction()
    {
    }

    /// <summary>
    /// To one of the backends by weight. A single one takes all whatever its weight; several that sum to 0, or none at all, must be
    /// compiled to <see cref="Fail"/>.
    /// </summary>
    public sealed record Forward(ImmutableArray<WeightedBackend> Backends) : RouteAction;

    public sealed record Redirect(RedirectTo To) : RouteAction;

    /// <summary>VirtualService directResponse. A content type is among the rule's response headers if at all.</summary>
    public sealed record Respond(int Status, ImmutableArray<byte> Body) : RouteAction;

    /// <summary>Nothing to send it to: 500 (no valid backend), 404 or 503, with the reason that access log and <c>explain</c> give.</summary>
    public sealed record Fail(int Status, string Reason) : RouteAction;
}
