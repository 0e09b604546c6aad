using System.Collections.Immutable;
using Ambient.Compile.Routes.Reading;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.HttpRoutes;

/// <summary>A rule with its backends as written; <paramref name="Rule"/> is complete but for matches' order, action and mirrors.</summary>
internal sealed record WrittenRouteRule(
    HttpRule Rule, ImmutableArray<WrittenDestination> Destinations, ImmutableArray<UrlRewrite?> Rewrites, ImmutableArray<WrittenMirror> Mirrors);
