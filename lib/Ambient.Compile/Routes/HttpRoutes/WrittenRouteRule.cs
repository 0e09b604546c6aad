using System.Collections.Immutable;
using Ambient.Compile.Routes.Reading;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.HttpRoutes;

/// <summary>A rule with its backends as written; <paramref name="Rule"/> is complete but for matches' order, action and mirrors.</summary>
internal sealed record WrittenRouteRule(
    HttpRule Rule, ImmutableArray<WrittenDestination> Destinations, ImmutableArray<UrlRewrite?> Rewrites, ImmutableArray<WrittenMirror> Mirrors)
{
    /// <summary>Of a GRPCRoute, one for each match; else empty.</summary>
    public ImmutableArray<GrpcLengths> Grpc { get; init; } = [];

    /// <summary>One for each destination: why its share of the requests gets 500, whether it is there or not; null: nothing speaks against it.</summary>
    public ImmutableArray<string?> Unusable { get; init; } = [];
}
