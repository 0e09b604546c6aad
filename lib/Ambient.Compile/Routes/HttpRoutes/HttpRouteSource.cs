using System.Collections.Immutable;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes.HttpRoutes;

/// <summary>The rules of an HTTPRoute or GRPCRoute. Of a refused one the last good rules stand; without any, every request gets 500.</summary>
internal sealed record HttpRouteSource(SourceMeta Meta, ImmutableArray<WrittenRouteRule> Rules, Refusal? Refusal);
